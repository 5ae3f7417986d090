package evm

import (
	"crypto/ecdsa"
	"errors"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"sinso.dev/sinso"
)

// TestKilledAtEachStep kills a process before and after each question to the chain and
// each write of the outbox. The next one finds the folder as it is, and asks for the same:
// it is done, once.
func TestKilledAtEachStep(t *testing.T) {
	for _, how := range []string{"asks again", "only recovers"} {
		t.Run(how, func(t *testing.T) {
			for step := 0; ; step++ {
				survived, recorded := false, false
				synctest.Test(t, func(t *testing.T) {
					f := newFake(uint64(step))
					defer f.runs(nil)()
					dir := t.TempDir()
					c, ctx, l := f.born(t, step, folder(t, dir), nil)
					c.confirmations = 2 // and so fewer steps
					_, err := c.send(ctx, fakeWork(c, 1))
					survived = !l.dead
					if survived && err != nil {
						t.Fatalf("it lived, and failed: %v", err)
					}
					again := folder(t, dir)
					recorded = len(again.All()) > 0
					next, ctx, _ := f.born(t, -1, again, nil)
					out, err := next.Recover(ctx)
					if err != nil {
						t.Fatal(err)
					}
					if how == "asks again" {
						if _, err := next.send(ctx, fakeWork(next, 1)); err != nil {
							t.Fatalf("step %d: again: %v", step, err)
						}
					}
					for range 20 {
						time.Sleep(fakeBlockTime)
						if out, err = next.Recover(ctx); err != nil {
							t.Fatal(err)
						}
					}
					want := 1
					if how == "only recovers" && !recorded {
						want = 0 // nobody was told that it would be
					}
					if got := f.times()["\x01"]; got != want || len(out) != 0 {
						t.Errorf("step %d: done %d times, want %d; still out: %v", step, got, want, out)
					}
				})
				if survived {
					if step < 20 {
						t.Errorf("it had %d steps: the kills miss some", step)
					}
					return
				}
			}
		})
	}
}

func folder(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := OpenFolder(filepath.Join(dir, "outbox"), [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestNothingLostNothingDoubled has processes that are killed, over a network that loses
// questions and answers, a chain that forgets, goes back by up to 8 blocks and mines late,
// and another process that sends from the same account. In the end each thing is done once.
func TestNothingLostNothingDoubled(t *testing.T) {
	runs := uint64(20)
	if testing.Short() {
		runs = 3
	}
	for seed := range runs {
		synctest.Test(t, func(t *testing.T) { hostile(t, seed) })
	}
}

func hostile(t *testing.T, seed uint64) {
	t.Helper()
	f := newFake(seed)
	f.seldom = 0.3
	random := rand.New(rand.NewPCG(seed, 2)) // of the chain's goroutine
	var calm atomic.Bool
	stop := f.runs(func() {
		if calm.Load() {
			return
		}
		if random.IntN(4) == 0 {
			f.forget(0.5)
		}
		if random.IntN(5) == 0 {
			f.reorg(1 + random.IntN(8))
		}
		if random.IntN(3) == 0 {
			stranger(t, f)
		}
	})
	defer stop()
	dir := t.TempDir()
	const works = 8
	fates := rand.New(rand.NewPCG(seed, 3))
	for range 4 {
		var mu sync.Mutex
		losses := rand.New(rand.NewPCG(seed, fates.Uint64()))
		c, ctx, l := f.born(t, 30+fates.IntN(400), folder(t, dir), func() error {
			mu.Lock()
			defer mu.Unlock()
			if losses.IntN(12) == 0 {
				return lostError{}
			}
			return nil
		})
		var all sync.WaitGroup
		for n := range byte(works) {
			all.Go(func() {
				ctx, cancel := c.bounded(ctx)
				defer cancel()
				_, _ = c.send(ctx, fakeWork(c, n)) // killed, or not
			})
		}
		all.Wait()
		l.kill()
		time.Sleep(time.Duration(fates.IntN(20)) * fakeBlockTime)
	}
	calm.Store(true)
	f.mu.Lock()
	f.seldom = 0
	f.mu.Unlock()
	c, ctx, _ := f.born(t, -1, folder(t, dir), nil)
	if _, err := c.Recover(ctx); err != nil {
		t.Error(err)
	}
	for n := range byte(works) {
		asked, cancel := c.bounded(ctx)
		if _, err := c.send(asked, fakeWork(c, n)); err != nil {
			t.Errorf("seed %d: work %d: %v", seed, n, err)
		}
		cancel()
	}
	time.Sleep(30 * fakeBlockTime)
	out, err := c.Recover(ctx)
	if err != nil || len(out) > 0 {
		t.Errorf("seed %d: still out: %v, error %v", seed, out, err)
	}
	times := f.times()
	for n := range byte(works) {
		if got := times[string(n)]; got != 1 {
			t.Errorf("seed %d: work %d was done %d times, want once", seed, n, got)
		}
	}
}

// lostError is a network's failure, which is no answer of the chain.
type lostError struct{}

func (lostError) Error() string { return "connection reset" }

// stranger sends from the same account, as a process does that knows nothing of this one.
func stranger(t *testing.T, f *fake) {
	t.Helper()
	key, err := crypto.ToECDSA(fakeKey[:])
	if err != nil {
		t.Error(err)
		return
	}
	by := crypto.PubkeyToAddress(key.PublicKey)
	f.mu.Lock()
	nonce := f.newest().nonces[by]
	f.mu.Unlock()
	tx := types.MustSignNewTx(key, fakeSigner, &types.DynamicFeeTx{
		ChainID: big.NewInt(fakeID), Nonce: nonce, To: &by, Gas: 50_000, GasTipCap: big.NewInt(1e6), GasFeeCap: big.NewInt(2e6), Data: []byte("stranger"),
	})
	_ = f.send(tx) // or not
}

// TestFeeIsRaised has a chain that mines nothing below a price: the fee doubles until it is
// reached, with the same nonce.
func TestFeeIsRaised(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.least = big.NewInt(20_000)
		defer f.runs(nil)()
		outbox := new(Memory)
		c, ctx, _ := f.born(t, -1, outbox, nil)
		receipt, err := c.send(ctx, fakeWork(c, 1))
		if err != nil {
			t.Fatal(err)
		}
		s, _, _ := outbox.Get(fakeID, sinso.Hash{1, 1})
		if len(s.Forms) < 3 || s.Nonce != 0 || s.Mined != sinso.Hash(receipt.TxHash) || f.times()["\x01"] != 1 {
			t.Errorf("%d forms, nonce %d, mined %d times", len(s.Forms), s.Nonce, f.times()["\x01"])
		}
		forms, err := s.forms()
		if err != nil {
			t.Fatal(err)
		}
		for i, form := range forms[1:] {
			if form.GasTipCap().Cmp(eighth(forms[i].GasTipCap())) < 0 || form.GasFeeCap().Cmp(eighth(forms[i].GasFeeCap())) < 0 {
				t.Errorf("form %d pays %d and %d after %d and %d", i+1, form.GasTipCap(), form.GasFeeCap(), forms[i].GasTipCap(), forms[i].GasFeeCap())
			}
		}
	})
}

// TestFeeStaysWithinItsLimit has a chain that mines nothing at any price.
func TestFeeStaysWithinItsLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.seldom = 2
		defer f.runs(nil)()
		outbox := new(Memory)
		c, ctx, _ := f.born(t, -1, outbox, nil)
		asked, cancel := c.bounded(ctx)
		defer cancel()
		if _, err := c.send(asked, fakeWork(c, 1)); !errors.Is(err, sinso.ErrUnavailable) {
			t.Errorf("got error %v", err)
		}
		for range 200 {
			time.Sleep(5 * fakeBlockTime)
			if _, err := c.Recover(ctx); err != nil {
				t.Fatal(err)
			}
		}
		s, _, _ := outbox.Get(fakeID, sinso.Hash{1, 1})
		if s.cost().Cmp(maxFee) > 0 || s.cost().Cmp(new(big.Int).Div(maxFee, big.NewInt(3))) < 0 || len(s.Forms) > maxForms {
			t.Errorf("it may cost %d of at most %d, in %d forms", s.cost(), maxFee, len(s.Forms))
		}
	})
}

// TestReceiptThatVanishes takes back the block of what was done and final for the caller's
// taste, and has it forgotten: asking again does it again, under its old hash.
func TestReceiptThatVanishes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		defer f.runs(nil)()
		c, ctx, _ := f.born(t, -1, new(Memory), nil)
		first, err := c.send(ctx, fakeWork(c, 1))
		if err != nil {
			t.Fatal(err)
		}
		f.reorg(100)
		f.forget(1)
		if n := f.times()["\x01"]; n != 0 {
			t.Fatalf("the chain has it %d times still", n)
		}
		again, err := c.send(ctx, fakeWork(c, 1))
		if err != nil || again.TxHash != first.TxHash || f.times()["\x01"] != 1 {
			t.Errorf("got %v and error %v, done %d times", again, err, f.times()["\x01"])
		}
	})
}

// TestOutOfGas is given too little by eth_estimateGas: it gets more, and its failure is no
// second doing.
func TestOutOfGas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.needs = 100_000 // of 60,000: see the margin
		defer f.runs(nil)()
		c, ctx, _ := f.born(t, -1, new(Memory), nil)
		receipt, err := c.send(ctx, fakeWork(c, 1))
		if err != nil || receipt.GasUsed != 100_000 {
			t.Errorf("got %+v and error %v", receipt, err)
		}
		f.mu.Lock()
		f.needs = 10_000_000
		f.mu.Unlock()
		if _, err := c.send(ctx, fakeWork(c, 2)); !errors.Is(err, sinso.ErrDenied) {
			t.Errorf("what no gas is enough for: got error %v, want ErrDenied", err)
		}
	})
}

// TestRefusedGivesItsNonceAway has the pool refuse one transaction: the next one takes its
// nonce, and asking for the first again sends it with another.
func TestRefusedGivesItsNonceAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.refuses = func(tx *types.Transaction) error {
			if tx.Data()[0] == 1 {
				return errors.New("insufficient funds for gas * price + value")
			}
			return nil
		}
		defer f.runs(nil)()
		outbox := new(Memory)
		c, ctx, _ := f.born(t, -1, outbox, nil)
		if _, err := c.send(ctx, fakeWork(c, 1)); !errors.Is(err, sinso.ErrDenied) {
			t.Fatalf("got error %v, want ErrDenied", err)
		}
		if _, err := c.send(ctx, fakeWork(c, 2)); err != nil {
			t.Fatal(err)
		}
		s, _, _ := outbox.Get(fakeID, sinso.Hash{1, 2})
		if s.Nonce != 0 {
			t.Errorf("the second has nonce %d, want that of the first", s.Nonce)
		}
		f.mu.Lock()
		f.refuses = nil
		f.mu.Unlock()
		if _, err := c.send(ctx, fakeWork(c, 1)); err != nil {
			t.Fatal(err)
		}
		if times := f.times(); times["\x01"] != 1 || times["\x02"] != 1 {
			t.Errorf("done %v times", times)
		}
	})
}

// TestNonceOfManyRefused has the pool refuse several in a row, each of which may have come to some node: the
// next one pays more than the dearest of them.
func TestNonceOfManyRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		const refused = 6
		dearest := new(big.Int)
		f.refuses = func(tx *types.Transaction) error {
			if tx.Data()[0] > refused {
				return nil
			}
			dearest = larger(dearest, tx.GasFeeCap())
			return errors.New("insufficient funds for gas * price + value")
		}
		defer f.runs(nil)()
		outbox := new(Memory)
		c, ctx, _ := f.born(t, -1, outbox, nil)
		for n := range byte(refused) {
			if _, err := c.send(ctx, fakeWork(c, n+1)); !errors.Is(err, sinso.ErrDenied) {
				t.Fatalf("got error %v, want ErrDenied", err)
			}
		}
		if _, err := c.send(ctx, fakeWork(c, refused+1)); err != nil {
			t.Fatal(err)
		}
		s, _, _ := outbox.Get(fakeID, sinso.Hash{1, refused + 1})
		forms, err := s.forms()
		if err != nil || s.Nonce != 0 || forms[0].GasFeeCap().Cmp(eighth(dearest)) < 0 {
			t.Errorf("the last has nonce %d and pays %s, error %v, want at least %s", s.Nonce, forms[0].GasFeeCap(), err, eighth(dearest))
		}
	})
}

// TestGapIsFilled has an endpoint that counts a transaction which never was.
func TestGapIsFilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.put(keyAddress(t), types.NewTx(&types.DynamicFeeTx{Nonce: 0})) // counted as pending
		outbox := new(Memory)
		c, ctx, _ := f.born(t, -1, outbox, nil)
		f.seldom = 2
		defer f.runs(nil)()
		go func() {
			time.Sleep(2 * fakeBlockTime)
			f.mu.Lock()
			delete(f.pool[keyAddress(t)], 0)
			f.seldom = 0
			f.mu.Unlock()
		}()
		if _, err := c.send(ctx, fakeWork(c, 1)); err != nil {
			t.Fatal(err)
		}
		if s, _, _ := outbox.Get(fakeID, sinso.Hash{1, 1}); s.Nonce != 1 || f.times()["\x01"] != 1 {
			t.Errorf("nonce %d, done %d times", s.Nonce, f.times()["\x01"])
		}
	})
}

func keyAddress(t *testing.T) common.Address {
	t.Helper()
	a, err := accountOf(fakeKey)
	if err != nil {
		t.Fatal(err)
	}
	return a.address
}

// TestHeadThatLied is told of a block that is not there when it signs, and loses its nonce
// to another process then: that is proven nevertheless.
func TestHeadThatLied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		f.ahead = 1 << 40
		c, ctx, _ := f.born(t, -1, new(Memory), nil)
		defer f.runs(nil)()
		go func() {
			time.Sleep(fakeBlockTime / 2)
			f.forget(1)
			stranger(t, f)
			time.Sleep(2 * fakeBlockTime)
			f.mu.Lock()
			f.ahead = 0
			f.mu.Unlock()
		}()
		if _, err := c.send(ctx, fakeWork(c, 1)); err != nil {
			t.Fatal(err)
		}
		if times := f.times(); times["\x01"] != 1 || times["stranger"] != 1 {
			t.Errorf("done %v times", times)
		}
	})
}

// TestDoneLongAgo asks for a deed when its record was put away.
func TestDoneLongAgo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		stop := f.runs(nil)
		outbox := folder(t, t.TempDir())
		c, ctx, _ := f.born(t, -1, outbox, nil)
		first, err := c.send(ctx, fakeWork(c, 1))
		if err != nil {
			t.Fatal(err)
		}
		stop()
		f.mu.Lock()
		f.blocks[len(f.blocks)-1].time += uint64(keptFor / time.Second)
		f.mu.Unlock()
		if out, err := c.Recover(ctx); err != nil || len(out) != 0 || len(outbox.All()) != 0 {
			t.Errorf("out %v, error %v, %d lie about", out, err, len(outbox.All()))
		}
		again, err := c.send(ctx, fakeWork(c, 1))
		if err != nil || again.TxHash != first.TxHash || len(outbox.All()) != 0 {
			t.Errorf("got %v and error %v", again, err)
		}
	})
}

// TestNameOfAnother refuses a name that was used for something else.
func TestNameOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		defer f.runs(nil)()
		c, ctx, _ := f.born(t, -1, new(Memory), nil)
		if _, err := c.send(ctx, fakeWork(c, 1)); err != nil {
			t.Fatal(err)
		}
		other := fakeWork(c, 2)
		other.once = fakeWork(c, 1).once
		if _, err := c.send(ctx, other); !errors.Is(err, sinso.ErrExists) {
			t.Errorf("got error %v, want ErrExists", err)
		}
	})
}

// TestRelayLimits carries as many as the limits allow, and the same one as often as it is
// asked for; the count survives the process. No person takes more than half of what the others leave, and
// what takes something back has its room.
func TestRelayLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		defer f.runs(nil)()
		dir := t.TempDir()
		carry := func(n, who byte, revokes bool) error {
			c, ctx, _ := f.born(t, -1, folder(t, dir), nil)
			m := fakeWork(c, n)
			m.relay, m.portion = true, sinso.Portion{For: sinso.Hash{who}, Revokes: revokes}
			_, err := c.send(ctx, m)
			return err
		}
		denied := func(what string, err error, words string) {
			t.Helper()
			if !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), words) {
				t.Errorf("%s: got error %v, want ErrDenied that says %q", what, err, words)
			}
		}
		// 4 an hour, of which one is kept: 3 for all, 2 for the first, and the rest by turns.
		for _, n := range []byte{1, 2, 1, 2} {
			if err := carry(n, 'a', false); err != nil {
				t.Fatalf("%d: %v", n, err)
			}
		}
		denied("a third of one person", carry(3, 'a', false), "4 an hour")
		if err := carry(3, 'b', false); err != nil || f.tried != 3 {
			t.Errorf("another person's: %v, and %d were shown to the endpoint", err, f.tried)
		}
		denied("a fourth, where one is kept", carry(4, 'c', false), "4 an hour")
		if err := carry(4, 'c', true); err != nil || f.tried != 4 {
			t.Errorf("what takes something back: %v, and %d were shown to the endpoint", err, f.tried)
		}
		denied("a fifth, whatever it does", carry(5, 'd', true), "4 an hour")
		time.Sleep(time.Hour)
		if err := carry(5, 'd', false); err != nil {
			t.Errorf("an hour later: %v", err)
		}
		denied("within the day, of 6 of which two are kept and one of them is used", carry(6, 'e', false), "6 a day")
		if err := carry(6, 'e', true); err != nil {
			t.Errorf("what takes something back: %v", err)
		}
		c, ctx, _ := f.born(t, -1, folder(t, dir), nil)
		c.relay = RelayLimits{PerHour: 100, PerDay: 100, FeePerDay: sinso.NewWei(big.NewInt(1))}
		m := fakeWork(c, 7)
		m.relay = true
		_, err := c.send(ctx, m)
		denied("beyond the fees of a day", err, "of fees a day")
	})
}

// TestNobodyTakesAllThatIsCarried: whatever one person asks for, another's is carried, and whatever all
// others ask for, a revocation is.
func TestNobodyTakesAllThatIsCarried(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := big.NewInt(rapid.Int64Range(4, 200).Draw(t, "limit"))
		var all []Sending
		carried := func(portion sinso.Portion) bool {
			u := newUsed()
			for _, s := range all {
				u.add(s, portion, big.NewInt(1))
			}
			if !u.fits(limit, big.NewInt(1), portion) {
				return false
			}
			all = append(all, Sending{For: portion.For, Revokes: portion.Revokes})
			return true
		}
		greedy := sinso.Portion{For: sinso.Hash{1}}
		for carried(greedy) {
		}
		if !carried(sinso.Portion{For: sinso.Hash{2}}) {
			t.Fatalf("of %s one took %d, and nothing was left for another", limit, len(all))
		}
		for i := range rapid.IntRange(0, 250).Draw(t, "others") {
			carried(sinso.Portion{For: sinso.Hash{3, byte(i)}})
		}
		if !carried(sinso.Portion{For: sinso.Hash{1}, Revokes: true}) || !carried(sinso.Portion{For: sinso.Hash{2}, Revokes: true}) && quarter(limit).Cmp(big.NewInt(2)) >= 0 {
			t.Fatalf("of %s, %d were carried, and no revocation", limit, len(all))
		}
		for range 250 {
			carried(sinso.Portion{For: sinso.Hash{4}, Revokes: true})
			carried(sinso.Portion{For: sinso.Hash{5}})
		}
		if int64(len(all)) > limit.Int64() {
			t.Fatalf("%d of %s were carried", len(all), limit)
		}
	})
}

// TestFolderKeepsAndSeals checks what lies in the folder.
func TestFolderKeepsAndSeals(t *testing.T) {
	dir := t.TempDir()
	f := folder(t, dir)
	tx := types.MustSignNewTx(mustKey(t), fakeSigner, &types.DynamicFeeTx{ChainID: big.NewInt(fakeID), Data: []byte("what it is for")})
	form, err := tx.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	want := Sending{Chain: fakeID, Once: sinso.Hash{1}, Named: true, Doing: "do something", Forms: [][]byte{form}}
	if err := f.Put(want); err != nil {
		t.Fatal(err)
	}
	old := want
	old.Once, old.Old = sinso.Hash{2}, true
	if err := f.Put(old); err != nil {
		t.Fatal(err)
	}
	again := folder(t, dir)
	if all := again.All(); len(all) != 1 || all[0].Once != want.Once {
		t.Errorf("all: got %v", all)
	}
	for _, once := range []sinso.Hash{{1}, {2}} {
		if got, ok, err := again.Get(fakeID, once); !ok || err != nil || string(got.Forms[0]) != string(form) {
			t.Errorf("%v: got %v, %v, %v", once, got, ok, err)
		}
		if _, ok, err := again.Get(fakeID+1, once); ok || err != nil {
			t.Errorf("on another chain: found %v, error %v", ok, err)
		}
	}
	var path string
	err = filepath.WalkDir(dir, func(at string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(at)
		if strings.Contains(string(raw), "what it is for") || strings.Contains(string(raw), "do something") {
			t.Errorf("%s can be read", at)
		}
		if strings.Contains(at, liveFolder) {
			path = at
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFolder(filepath.Join(dir, "outbox"), [32]byte{2}); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("with another key: got error %v", err)
	}
	if err := os.Truncate(path, 40); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenFolder(filepath.Join(dir, "outbox"), [32]byte{1}); !errors.Is(err, sinso.ErrCorrupt) {
		t.Errorf("a damaged file: got error %v", err)
	}
	if err := f.Drop(fakeID, want.Once); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := folder(t, dir).Get(fakeID, want.Once); ok {
		t.Error("it was dropped, and is there")
	}
}

// TestDiskThatKeepsNothing sends nothing that could not be written down.
func TestDiskThatKeepsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(1)
		defer f.runs(nil)()
		dir := t.TempDir()
		c, ctx, _ := f.born(t, -1, folder(t, dir), nil)
		if err := os.RemoveAll(filepath.Join(dir, "outbox")); err != nil {
			t.Fatal(err)
		}
		_, err := c.send(ctx, fakeWork(c, 1))
		if !errors.Is(err, sinso.ErrUnavailable) || strings.Contains(err.Error(), dir) {
			t.Errorf("got error %v, want ErrUnavailable without a path", err)
		}
		time.Sleep(10 * fakeBlockTime)
		if n := f.times()["\x01"]; n != 0 {
			t.Errorf("it was done %d times", n)
		}
	})
}

// TestNoLeak: nothing runs on after a call.
func TestNoLeak(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	f := newFake(1)
	f.every = 50 * time.Millisecond
	t.Run("send", func(t *testing.T) {
		defer f.runs(nil)()
		c, ctx, _ := f.born(t, -1, new(Memory), nil)
		c.confirmations = 1
		if _, err := c.send(ctx, fakeWork(c, 1)); err != nil {
			t.Error(err)
		}
		if _, err := c.Recover(ctx); err != nil {
			t.Error(err)
		}
	})
}

func mustKey(t *testing.T) (key *ecdsa.PrivateKey) {
	t.Helper()
	key, err := crypto.ToECDSA(fakeKey[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}
