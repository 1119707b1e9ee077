import {
  ChevronDown,
  ChevronsUp,
  ChevronUp,
  CircleCheck,
  CircleQuestionMark,
  type LucideIcon,
  OctagonAlert,
  TriangleAlert,
} from "lucide-react";
import { cx } from "./cx";
import { tip } from "./tip";

export type Tone = "good" | "warn" | "bad" | "calm" | "none";

interface Look {
  tone: Tone;
  icon: LucideIcon;
}

/** Every word of status the service uses, with its colour and its shape: never colour alone. */
const LOOKS: Record<string, Look> = {
  Healthy: { tone: "good", icon: CircleCheck },
  "At-Risk": { tone: "warn", icon: TriangleAlert },
  Critical: { tone: "bad", icon: OctagonAlert },
  HIGH: { tone: "bad", icon: ChevronsUp },
  MEDIUM: { tone: "warn", icon: ChevronUp },
  LOW: { tone: "calm", icon: ChevronDown },
};
const UNKNOWN: Look = { tone: "none", icon: CircleQuestionMark };

export const TONE_TEXT: Record<Tone, string> = {
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
  calm: "text-calm",
  none: "text-muted",
};
const TONE_BOX: Record<Tone, string> = {
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  calm: "bg-calm-soft text-calm",
  none: "bg-sunken text-muted",
};
export const TONE_VARIABLE: Record<Tone, string> = {
  good: "var(--color-good)",
  warn: "var(--color-warn)",
  bad: "var(--color-bad)",
  calm: "var(--color-calm)",
  none: "var(--color-line-strong)",
};

export function toneOf(word: string | null): Tone {
  return (word === null ? UNKNOWN : (LOOKS[word] ?? UNKNOWN)).tone;
}

/** A status as an icon and its word; `boxed` where it must be seen from afar. */
export function Status({
  word,
  boxed = false,
  explanation,
}: {
  word: string | null;
  boxed?: boolean;
  explanation?: string;
}) {
  const look = word === null ? UNKNOWN : (LOOKS[word] ?? UNKNOWN);
  const Icon = look.icon;
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1 whitespace-nowrap",
        boxed
          ? cx("rounded-sm px-1.5 py-0.5 font-strong text-xs", TONE_BOX[look.tone])
          : TONE_TEXT[look.tone],
      )}
      {...tip(explanation)}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {word ?? "Unknown"}
    </span>
  );
}
