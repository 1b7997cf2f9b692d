export { type KafkaBus, type KafkaBusOptions, kafkaBus } from './bus.ts'
