import { wire } from '../../../../wire.ts'

const handle = (request: Request): Promise<Response> => wire().auth.handler(request)

export { handle as GET, handle as POST }
