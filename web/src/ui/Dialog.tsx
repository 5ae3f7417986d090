import { type ReactNode, useEffect, useId, useLayoutEffect, useRef } from "react";

type Props = { title: string; onCancel: () => void; fromTop?: boolean; children: ReactNode };

// Dialog is shown over the page as long as it is there. What has more text than a screen
// begins with its title, and not with its first control.
export function Dialog({ title, onCancel, fromTop = false, children }: Props) {
  const named = useId();
  const dialog = useRef<HTMLDialogElement>(null), heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => { shown?.close(); }; // it gives the focus back to what it was taken from
  }, []);
  useEffect(() => { if (fromTop) heading.current?.focus(); }, [fromTop, title]);
  // A second Escape closes it whatever the first was answered (HTML, close watchers).
  const stay = (): void => { if (dialog.current?.isConnected) dialog.current.showModal(); };
  return (
    <dialog ref={dialog} aria-labelledby={named} onClose={stay} onCancel={(event) => { event.preventDefault(); onCancel(); }}>
      <h2 id={named} ref={heading} tabIndex={fromTop ? -1 : undefined}>{title}</h2>
      {children}
    </dialog>
  );
}
