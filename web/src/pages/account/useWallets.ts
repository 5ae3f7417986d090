import { useEffect, useState } from "react";
import { findWallets, type Wallet } from "../../signin/wallet";

// useWallets are the wallets of this browser, as they announce themselves.
export function useWallets(): readonly Wallet[] {
  const [wallets, set] = useState<readonly Wallet[]>([]);
  useEffect(() => findWallets(set), []);
  return wallets;
}
