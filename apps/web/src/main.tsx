import "@evx/ui/fonts.css";
import "./app.css";
import { Router } from "@solidjs/router";
import { QueryClientProvider } from "@tanstack/solid-query";
import { render } from "solid-js/web";
import { Shell } from "./frame/shell.tsx";
import { Words } from "./frame/words.tsx";
import { loadText } from "./i18n/index.ts";
import { watchConnection } from "./lib/connection.ts";
import { queryClient } from "./lib/queries.tsx";
import { preloadSession } from "./lib/session.ts";
import { routes } from "./routes.ts";

void preloadSession();
watchConnection();

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");

// The frame's own words first; boot.js has asked for them already.
void loadText("frame").finally(() => {
  root.textContent = "";
  render(
    () => (
      <QueryClientProvider client={queryClient}>
        <Words>
          <Router root={Shell}>{routes}</Router>
        </Words>
      </QueryClientProvider>
    ),
    root,
  );
});
