import 'clsx'
