import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Root } from "./app/Root";
import { takeSecret } from "./share/secret";
import "./design/tokens.css";
import "./design/base.css";
import "./design/parts.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
createRoot(root).render(<StrictMode><Root secret={takeSecret()} /></StrictMode>);

// A file that is dropped beside a zone must not be opened in the page's place.
for (const type of ["dragover", "drop"]) addEventListener(type, (event) => { event.preventDefault(); });

// Browsers lend workers to secure origins only: https and this machine.
if (import.meta.env.PROD) navigator.serviceWorker?.register("sw.js").catch(() => { /* the page works without */ });
