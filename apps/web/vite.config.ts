import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/app/',
  plugins: [react(), tailwindcss()],
  // PixiJS is one large chunk that loads with the match, not with the page.
  build: { target: 'es2023', chunkSizeWarningLimit: 900 },
})
