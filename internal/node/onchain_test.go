package node

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/big"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/rawdb"
	corestate "github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethdb"
	"github.com/ethereum/go-ethereum/ethdb/pebble"
	"github.com/ethereum/go-ethereum/triedb"
	"github.com/ethereum/go-ethereum/triedb/hashdb"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/stage/market"
)

// TestNothingIdentifyingIsOnTheChain takes two studies of one person the whole way: planted
// with identifiers, released with the same doctor's work, sold, staked with a company, which
// pays, and the grants ended. Then it reads all that the chain has of it, call data, logs and
// storage, and looks for every identifier, plain or hashed, for the hash of every file and
// piece, and for whatever could tie the two assets together.
func TestNothingIdentifyingIsOnTheChain(t *testing.T) {
	t.Parallel()
	part10, planted := plantEverywhere(t)
	d := newDeal(t) // of another person: what all assets need is there after it
	company, seller := d.company(ether(10)), d.town.seller
	var opened struct {
		Pool sinso.Hash `json:"pool"`
	}
	company.do(&opened, "stake open", "unbonding", "2h", "stream", "7d", "cap", "100", "terms", fill(7).String())
	at := seller.Chain.Contracts()
	staking, err := seller.Deeds.At("Staking")
	if err != nil {
		t.Fatal(err)
	}
	buyer := actor{t, d.buyer}.account()
	terms, purpose := market.TermsHash(market.LicenceText(d.row.Terms.Licence)), market.PurposeHash(d.row.Terms.Licence)
	ofLicence := slices.Concat(terms[:], purpose[:], terms[:]) // in an offer, and in what a licence was granted with
	licences := crypto.CreateAddress(common.Address(at.Exchange), 1)
	sender := actor{t, seller}.account() // carries what persons sign
	payer := company.account()
	// What two assets of anybody may have in common: contracts, companies, buyers, carriers, terms, and for what use: it is
	// one of few words.
	var public [][]byte
	for _, value := range [][]byte{staking[:], at.Assets[:], at.Identity[:], opened.Pool[:], payer[:], buyer[:], sender[:], ofLicence, licences[:]} {
		public = append(public, slices.Concat(make([]byte, 32), value, make([]byte, 32))) // as it is padded
	}
	heads := []uint64{d.head()}
	files := [][]byte{ofADay(t, part10, 1), ofADay(t, part10, 2)}
	var rows []sinso.ReleaseRow
	for _, file := range files {
		rows = append(rows, d.soldAndStaked(file, company, opened.Pool))
		heads = append(heads, d.head())
	}
	if rows[0].Person != rows[1].Person || rows[0].Token == rows[1].Token || rows[0].Person == d.row.Person {
		t.Fatalf("not two assets of one person: %s and %s", rows[0].Token, rows[1].Token)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}

	told := chainOn(t, filepath.Join(d.dir, "seller", chainFolder))
	all := bytes.Join(told.since(t, 0), nil)
	lookFor(t, planted.markers, map[string][]byte{"the chain": all})
	for _, hash := range plainHashes(files, planted.markers) {
		if bytes.Contains(all, hash) {
			t.Errorf("a hash of what is not public is on the chain: %x", hash)
		}
	}
	first, second := windows(told.between(t, heads[0], heads[1])), windows(told.between(t, heads[1], heads[2]))
	for _, before := range [][][]byte{public, told.between(t, 0, heads[0])} {
		for window := range windows(before) {
			delete(first, window) // all contracts and what is public stood there before
		}
	}
	for _, value := range told.between(t, heads[0], heads[1]) {
		if shared := longest(value, first, second); shared != nil {
			t.Errorf("both assets of the person have %x in %x", shared, value)
		}
	}
	if len(first) < 100 || len(second) < 100 {
		t.Errorf("only %d and %d values were compared", len(first), len(second))
	}
}

// head is the newest block.
func (d *deal) head() uint64 {
	d.t.Helper()
	next, err := d.town.seller.Chain.Events(d.t.Context(), 0, func(sinso.ChainEvent) error { return nil })
	if err != nil {
		d.t.Fatal(err)
	}
	return next - 1
}

// ofADay is the planted person's picture of a day: of its own study, and like no other.
func ofADay(t *testing.T, part10 []byte, day uint64) []byte {
	t.Helper()
	file, err := dicom.Read(part10)
	if err != nil {
		t.Fatal(err)
	}
	ds, err := file.Tree()
	if err != nil {
		t.Fatal(err)
	}
	for i, tag := range []dicom.Tag{0x00080018, 0x0020000D, 0x0020000E, 0x00200052} {
		ds.SetString(tag, dicom.VRUI, fmt.Sprintf("1.2.840.990001.88%d%d", day, i))
	}
	random := rand.New(rand.NewPCG(17, day))
	pixels := ds.Find(0x7FE00010).Value
	for p := 0; p+1 < len(pixels); p += 2 {
		binary.LittleEndian.PutUint16(pixels[p:], uint16(900+random.IntN(200)))
	}
	out, err := dicom.Encode(dicom.ExplicitLittleEndian, ds)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// soldAndStaked takes a file from import to the end of a buyer's grant and a claimed dividend.
func (d *deal) soldAndStaked(part10 []byte, company actor, pool sinso.Hash) sinso.ReleaseRow {
	d.t.Helper()
	ctx, n := d.t.Context(), d.town.seller
	result, err := n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		return fn(ingest.Found{Item: sinso.Item{Bytes: part10}})
	}, ImportOptions{Actor: "test"})
	if err != nil || len(result.Studies) != 1 {
		d.t.Fatalf("%d studies, %v", len(result.Studies), err)
	}
	row, err := n.Release(ctx, result.Studies[0], ReleaseOptions{Actor: "test", Price: testPrice, Accepted: true})
	if err != nil || row.State != sinso.ReleaseIsRegistered {
		d.t.Fatalf("the release is %s: %q, %+v, %v, %v", row.State, row.Reason, row.Quality, row.Withheld, err)
	}
	orders, err := n.Orders(ctx, "")
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := n.Chain.Fund(ctx, actor{d.t, d.buyer}.account(), ether(2)); err != nil {
		d.t.Fatal(err)
	}
	for _, order := range orders {
		if order.Release != row.ID {
			continue
		}
		bought, err := d.buy(ctx, order.Offer)
		if err != nil || bought.Step != "released" {
			d.t.Fatalf("got step %q, %v; want released", bought.Step, err)
		}
		if _, err := n.Revoke(ctx, bought.Order, "test"); err != nil {
			d.t.Fatal(err)
		}
	}
	persons, token := actor{d.t, n}, row.Token.String()
	until := d.clock.Now().Add(7 * 24 * time.Hour).UTC().Truncate(time.Second).Format(time.RFC3339)
	agreement := company.ask(nil, "stake agree", "pool", pool.String(), "token", token, "weight", "3", "until", until)
	persons.do(nil, "stake add", "token", token, "agreement", agreement)
	company.do(nil, "dividend deposit", "pool", pool.String(), "amount", new(big.Int).Set(testPrice.Int()).String())
	d.clock.jump(8 * 24 * time.Hour)
	persons.do(nil, "dividend claim", "token", token)
	return row
}

// plainHashes are what a careless program would put on a chain: hashes, without a salt, of
// files, of their pixels, and of what identifies.
func plainHashes(files [][]byte, markers []string) [][]byte {
	plain := append([][]byte{}, files...)
	for _, marker := range markers {
		plain = append(plain, []byte(marker))
	}
	var out [][]byte
	for _, data := range plain {
		sum := sha256.Sum256(data)
		out = append(out, sum[:], crypto.Keccak256(data))
	}
	return out
}

// onChain is the folder of an embedded chain that is closed.
type onChain struct {
	db     ethdb.Database
	states corestate.Database
}

func chainOn(t *testing.T, dir string) *onChain {
	t.Helper()
	kv, err := pebble.New(filepath.Join(dir, "database", "chaindata"), 16, 16, "", true)
	if err != nil {
		t.Fatal(err)
	}
	db, err := rawdb.Open(kv, rawdb.OpenOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return &onChain{db, corestate.NewDatabase(triedb.NewDatabase(db, &triedb.Config{HashDB: hashdb.Defaults}), nil)}
}

// since returns everything from a block on, up to the newest.
func (c *onChain) since(t *testing.T, from uint64) [][]byte {
	t.Helper()
	return c.between(t, from, rawdb.ReadHeadHeader(c.db).Number.Uint64())
}

// between returns what came after one block, up to another: call data, logs, accounts and
// storage that is new.
func (c *onChain) between(t *testing.T, after, last uint64) [][]byte {
	t.Helper()
	var out [][]byte
	for number := after + 1; number <= last; number++ {
		hash := rawdb.ReadCanonicalHash(c.db, number)
		block := rawdb.ReadBlock(c.db, hash, number)
		if block == nil {
			t.Fatalf("block %d is not there", number)
		}
		for _, tx := range block.Transactions() {
			const selector = 4
			out = append(out, tx.Data()[min(selector, len(tx.Data())):], common.LeftPadBytes(tx.Value().Bytes(), 32))
			from, err := types.Sender(types.LatestSignerForChainID(tx.ChainId()), tx)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, from[:])
			if to := tx.To(); to != nil {
				out = append(out, to[:])
			}
		}
		for _, receipt := range rawdb.ReadRawReceipts(c.db, hash, number) {
			for _, log := range receipt.Logs {
				out = append(out, log.Address[:], log.Data)
				for _, topic := range log.Topics {
					out = append(out, topic[:])
				}
			}
		}
	}
	before := c.slots(t, after)
	for slot, value := range c.slots(t, last) {
		if before[slot] != value {
			out = append(out, common.FromHex(value))
		}
	}
	return out
}

// slots are all values in storage at a block, by account and hashed slot.
func (c *onChain) slots(t *testing.T, number uint64) map[string]string {
	t.Helper()
	header := rawdb.ReadHeader(c.db, rawdb.ReadCanonicalHash(c.db, number), number)
	at, err := corestate.New(header.Root, c.states)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for account, dump := range at.RawDump(&corestate.DumpConfig{}).Accounts {
		for slot, value := range dump.Storage {
			out[account+hex.EncodeToString(slot[:])] = value
		}
	}
	return out
}

// longest is the longest piece of a value whose windows are in both.
func longest(value []byte, first, second map[[20]byte]bool) (best []byte) {
	begin := -1
	for i := 0; i+20 <= len(value); i++ {
		window := [20]byte(value[i:])
		if !first[window] || !second[window] {
			begin = -1
			continue
		}
		if begin < 0 {
			begin = i
		}
		if piece := value[begin : i+20]; len(piece) > len(best) {
			best = piece
		}
	}
	return best
}

// windows are all runs of 20 bytes, the length of an account, in which more than half are
// not zero: numbers, lengths and padding tell nothing.
func windows(values [][]byte) map[[20]byte]bool {
	out := map[[20]byte]bool{}
	for _, value := range values {
		for i := 0; i+20 <= len(value); i++ {
			window := [20]byte(value[i:])
			if zeros := bytes.Count(window[:], []byte{0}); zeros < len(window)/2 {
				out[window] = true
			}
		}
	}
	return out
}
