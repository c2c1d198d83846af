import 'next'
