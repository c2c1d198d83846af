import { cva, type VariantProps } from 'class-variance-authority'
import type { ButtonHTMLAttributes } from 'react'
import { cn } from './cn.ts'

/** The look of a button for links and buttons alike; a class instead of a slot keeps server pages free of script. */
export const buttonClass = cva(
  'inline-flex select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-3.5 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent text-accent-ink hover:bg-accent/88',
        secondary:
          'border-line bg-surface text-ink shadow-[0_1px_1px_rgb(0_0_0/0.04)] hover:border-line-strong/60 hover:bg-raised',
        ghost: 'border-transparent bg-transparent text-ink-2 hover:bg-raised hover:text-ink',
        danger: 'border-transparent bg-crit text-crit-ink hover:bg-crit/88',
        dangerQuiet: 'border-crit/40 bg-surface text-crit hover:bg-crit-soft',
      },
      size: {
        sm: 'min-h-7 px-2 text-xs max-md:min-h-9',
        md: 'min-h-8 px-3 text-sm max-md:min-h-11',
        lg: 'min-h-11 px-4 text-base',
        xl: 'min-h-16 w-full whitespace-normal px-5 text-base',
        icon: 'size-8 p-0 max-md:size-11',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
)

export type ButtonLook = VariantProps<typeof buttonClass>

export function Button({
  variant,
  size,
  className,
  type = 'button',
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & ButtonLook) {
  return <button type={type} className={cn(buttonClass({ variant, size }), className)} {...rest} />
}
