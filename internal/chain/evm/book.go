package evm

import (
	"bytes"
	"fmt"
	"sync"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"

	"sinso.dev/sinso"
	"sinso.dev/sinso/contracts"
)

// shipped is the book of the contracts that are built into the program: one, for
// reading them takes longer than most calls.
var shipped = &book{}

// book is what is known of the contracts, whether or not they stand on a chain.
// A page is read when it is first asked for, and not changed after.
type book struct {
	mu    sync.Mutex
	pages map[string]*page
	said  map[[4]byte]saying // of every error of every contract
}

// page is one contract: its interface, creation code and what its errors mean.
type page struct {
	abi    abi.ABI
	code   []byte
	errors map[string]string // by signature
}

// saying is an error of a contract, and what it means.
type saying struct {
	abi.Error
	sentence string
}

func (b *book) page(name string) (*page, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.read(name)
}

func (b *book) read(name string) (*page, error) {
	if known, ok := b.pages[name]; ok {
		return known, nil
	}
	source := contracts.Contract{ABI: []byte(erc20)}
	if name != sinso.ERC20 {
		var err error
		if source, err = contracts.Load(name); err != nil {
			return nil, fmt.Errorf("chain: %w: %w", err, sinso.ErrInvalid)
		}
	}
	parsed, err := abi.JSON(bytes.NewReader(source.ABI))
	if err != nil {
		return nil, fmt.Errorf("chain: the interface of %s: %w: %w", name, err, sinso.ErrCorrupt)
	}
	if b.pages == nil {
		b.pages = map[string]*page{}
	}
	b.pages[name] = &page{abi: parsed, code: common.FromHex(source.Code), errors: source.Errors}
	return b.pages[name], nil
}

// meaning returns the error with a selector, of whatever contract has it: an
// error of one comes through another that called it.
func (b *book) meaning(selector [4]byte) (saying, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.said == nil {
		b.said = map[[4]byte]saying{}
		for _, name := range contracts.Names() {
			page, err := b.read(name)
			if err != nil {
				continue
			}
			for _, known := range page.abi.Errors {
				at := [4]byte(known.ID[:4])
				if old := b.said[at]; old.sentence == "" {
					b.said[at] = saying{known, page.errors[known.Sig]}
				}
			}
		}
	}
	known, ok := b.said[selector]
	return known, ok
}
