export { feedbackService } from './module.ts'
