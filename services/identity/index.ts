export type { Hasher } from './hasher.ts'
export { generateIdentityKeys, IdentityKeys, publicKeys } from './keys.ts'
export { type IdentityOptions, identityService } from './module.ts'
export { grantRole } from './staff.ts'
