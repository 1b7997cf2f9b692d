export { type KafkaBusOptions, kafkaBus } from './bus.ts'
export type { KafkaAccess } from './connection.ts'
