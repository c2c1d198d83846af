import 'standardwebhooks'
