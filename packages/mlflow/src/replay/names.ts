/** What the recorded server called by other names than ours does: ids, and names it made up. */
const NAMED = new Set(['experiment_id', 'run_id', 'run_uuid', 'run_name', 'model_id'])
const EXPERIMENT = /((?:experiment_id(?:=|":")|mlflow-artifacts:\/|\/artifacts\/|\?path=))(\d+)(?=["/%&]|$)/g

export class Names {
  readonly #ours = new Map<string, string>()

  /** Learns from two answers to the same request what goes by which name. */
  learn(recorded: unknown, ours: unknown, name = ''): void {
    if (typeof recorded === 'string' && typeof ours === 'string') {
      if (NAMED.has(name) && !this.#ours.has(bare(recorded))) this.#ours.set(bare(recorded), bare(ours))
    } else if (typeof recorded === 'object' && recorded !== null && typeof ours === 'object' && ours !== null) {
      for (const [key, value] of Object.entries(recorded))
        this.learn(value, (ours as Record<string, unknown>)[key], key)
    }
  }

  /** The text with every recorded name replaced by ours. */
  translate(text: string): string {
    const known = (name: string) => this.#ours.get(name) ?? name
    return text
      .replaceAll(/[0-9a-f]{32}/g, known)
      .replaceAll(/[a-z]+-[a-z]+-\d+/g, known)
      .replaceAll(EXPERIMENT, (_, before: string, number: string) => `${before}${known(number)}`)
  }
}

const bare = (id: string) => id.replace(/^m-(?=[0-9a-f]{32}$)/, '')
