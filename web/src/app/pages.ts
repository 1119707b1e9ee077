import {
  Bell,
  BriefcaseBusiness,
  Database,
  FlaskConical,
  ListChecks,
  type LucideIcon,
  Sunrise,
  TrendingUp,
} from "lucide-react";

export interface Page {
  path: string;
  label: string;
  icon: LucideIcon;
  /** The key that follows G. */
  key: string;
}

export const PAGES: Page[] = [
  { path: "/", label: "Today", icon: Sunrise, key: "t" },
  { path: "/portfolio", label: "Portfolio", icon: BriefcaseBusiness, key: "p" },
  { path: "/alerts", label: "Alerts", icon: Bell, key: "a" },
  { path: "/actions", label: "Actions", icon: ListChecks, key: "c" },
  { path: "/executive", label: "Executive", icon: TrendingUp, key: "e" },
  { path: "/score-lab", label: "Score lab", icon: FlaskConical, key: "l" },
  { path: "/data", label: "Data", icon: Database, key: "d" },
];
