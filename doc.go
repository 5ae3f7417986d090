// Package sinso is the dictionary of the node: its nouns, its ports and its
// classes of error. It imports the standard library only, and everything else
// imports it.
//
// The way of the data, each state a type of its own:
//
//	Item -> Record -> Clean -> Sealed -> Receipt
//
// An [Item] is bytes as they arrived. A [Record] has been read and filed. A
// [Clean] has been de-identified. A [Sealed] is ciphertext, the only form that
// a block store takes. docs/LAYOUT.md shows which package does which step.
package sinso
