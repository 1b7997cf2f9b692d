import { createClient } from '@meydan/sdk'
import { tabStorage } from './identity.ts'

/** The page's one line to the platform it came from. */
export const client = createClient({ url: window.location.origin, storage: await tabStorage() })

// The network is back, or somebody looks again: no reason to wait for the next try.
window.addEventListener('online', () => client.hurry())
document.addEventListener('visibilitychange', () => client.hurry())
