export const services = 'services'
