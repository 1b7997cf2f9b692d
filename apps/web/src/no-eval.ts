import { z } from 'zod'

// The page's content policy forbids code made from text, which is how Zod compiles schemas when it may. Schemas look at this
// when they are declared, so this module is imported before all others.
z.config({ jitless: true })
