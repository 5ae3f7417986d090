import { type ReactNode, useState } from "react";
import { Confirm } from "./Confirm";

// Question is what is asked before something that cannot be undone: what it does and does
// not do, and the words of the button that does it.
export type Question = { title: string; points: readonly string[]; action: string };

// useConfirm returns what asks, and the dialog, which the caller puts into its page.
export function useConfirm(): [ask: (question: Question) => Promise<boolean>, dialog: ReactNode] {
  const [asked, set] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);
  const ask = (question: Question): Promise<boolean> => new Promise((resolve) => {
    set({ question, answer: (yes) => { set(null); resolve(yes); } });
  });
  return [ask, asked && <Confirm {...asked.question} onAnswer={asked.answer} />];
}
