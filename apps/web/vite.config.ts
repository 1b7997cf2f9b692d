import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/app/',
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    // PixiJS is one large chunk that loads with the match, not with the page.
    chunkSizeWarningLimit: 900,
    // Imports say in which order modules run, but only chunks keep to it: Zod is told not to compile (no-eval.ts) in its own chunk,
    // before any chunk that declares a schema.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules.zod|no-eval/ }] } } },
  },
})
