import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/shared/ui/button";

const STORED = "customer360.theme";
const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];

const LOOKS = {
  system: { icon: Monitor, label: "Theme: as the system" },
  light: { icon: Sun, label: "Theme: light" },
  dark: { icon: Moon, label: "Theme: dark" },
} as const;

function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

/** Steps through system, light and dark. `public/theme.js` applies the choice on the next visit. */
export function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme);
  const { icon: Icon, label } = LOOKS[theme];
  const advance = () => {
    const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
    apply(next);
    setTheme(next);
  };
  return (
    <IconButton label={label} onClick={advance}>
      <Icon aria-hidden className="size-4" />
    </IconButton>
  );
}
