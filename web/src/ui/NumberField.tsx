import { useState } from "react";

// NumberField is a number to type. onType is told each number that the text is on the way;
// whoever is told may refuse it. While it is typed in, the field holds what was typed, not
// what became of it: else a value refused between two keys would come back under the
// cursor, and the next key would add to that. When it is left it shows what holds.
export function NumberField({ label, value, step = "any", least, most, onType }: {
  label?: string; value: number; step?: number | "any"; least?: number; most?: number; onType: (value: number) => void;
}) {
  const [typed, type] = useState<string>();
  return (
    <input type="number" aria-label={label} step={step} min={least} max={most} value={typed ?? value}
      onChange={(event) => {
        type(event.target.value);
        if (Number.isFinite(event.target.valueAsNumber)) onType(event.target.valueAsNumber);
      }}
      onBlur={() => { type(undefined); }} />
  );
}
