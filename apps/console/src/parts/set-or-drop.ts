/** Sets a parameter of an address, or leaves it out where its value goes without saying. */
export function setOrDrop(search: URLSearchParams, name: string, value: string): void {
  if (value === '') search.delete(name)
  else search.set(name, value)
}
