import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { Frame } from "@/app/frame";
import { AppRoutes, preloadPart } from "@/app/routes";
import { ScrollMemory } from "@/app/scroll-memory";
import { getSessionOptions } from "@/client/@tanstack/react-query.gen";
import { client } from "@/client/client.gen";
import { SessionGate } from "@/features/session/session-gate";
import { createQueryClient } from "@/shared/api/query-client";
import { NoticeLayer } from "@/shared/ui/notices";
import { TipLayer } from "@/shared/ui/tip";
import "@/app/styles.css";

client.setConfig({ baseURL: "", xsrfCookieName: "csrftoken", xsrfHeaderName: "x-csrftoken" });

const queries = createQueryClient();
// Asked before anything is drawn: each of these answers would otherwise wait for the one before.
void queries.prefetchQuery(getSessionOptions());
preloadPart(queries, window.location.pathname);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root");

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      {/* Filters live in the address and must follow every keystroke: no transition in between. */}
      <BrowserRouter useTransitions={false}>
        <SessionGate>
          <ScrollMemory />
          <Frame>
            <AppRoutes />
          </Frame>
        </SessionGate>
      </BrowserRouter>
      <NoticeLayer />
      <TipLayer />
    </QueryClientProvider>
  </StrictMode>,
);
