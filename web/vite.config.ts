import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The page is built to dist/, which is committed and embedded into the program. Names
// carry no hash: a build of the same sources is the same files, and a change of one is
// one file's diff. The server tells browsers to ask whether a file is still the same.
export default defineConfig({
  plugins: [react()],
  base: "./",
  build: {
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the Content-Security-Policy takes no data: but for pictures
    chunkSizeWarningLimit: 4000,
    license: { fileName: "licences.txt" }, // of what others wrote, beside the code
    rolldownOptions: {
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
  worker: { format: "es", rolldownOptions: { output: { entryFileNames: "[name].js" } } },
  server: { proxy: { "/api": "http://localhost:8480", "/dicom-web": "http://localhost:8480" } },
});
