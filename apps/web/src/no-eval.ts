import { z } from 'zod'

// The page’s content policy forbids code made from text, which is how Zod compiles schemas when it may. Schemas look at this
// when they are declared, so this module runs before all others: it is imported first, and vite.config.ts puts it beside Zod.
z.config({ jitless: true })
