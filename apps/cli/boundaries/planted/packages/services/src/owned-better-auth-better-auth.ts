import 'better-auth'
