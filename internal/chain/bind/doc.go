// Package bind holds the Go bindings of SINSO's contracts: ABI, creation code,
// packing of calls, unpacking of answers, events and errors. All but this file
// is generated from contracts/src.
//
// The addresses are the same on every fresh chain if one account deploys Identity,
// and then Assets.
package bind

//go:generate node ../../../contracts/build.mjs
//go:generate go run github.com/ethereum/go-ethereum/cmd/abigen --v2 --combined-json ../../../contracts/out/combined.json --pkg bind --out contracts.go
