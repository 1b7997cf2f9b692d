export { ByteWriter } from './bytes.ts'
export * from './frames.ts'
export { encodeView, type QuantisedView, sameView, ViewPlan } from './view.ts'
