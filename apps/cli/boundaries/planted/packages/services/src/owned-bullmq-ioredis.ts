import 'bullmq'
