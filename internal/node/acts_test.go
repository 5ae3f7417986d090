package node

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/way"
)

// leapClock runs fast and can leap ahead.
type leapClock struct {
	fastClock
	by atomic.Int64
}

func (c *leapClock) Now() time.Time { return c.fastClock.Now().Add(time.Duration(c.by.Load())) }

func (c *leapClock) leap(by time.Duration) { c.by.Add(int64(by)) }

// stage is a node on an embedded chain of its own, on which stories are told by acts.
type stage struct {
	*Node
	*town
	t     *testing.T
	clock *leapClock
	acts  byte
}

func newStage(t *testing.T) *stage {
	t.Helper()
	const speed = 20
	s := &stage{t: t, clock: &leapClock{fastClock: fastClock{From: time.Now(), Speed: speed}}}
	// The clock begins at noon, so that no story meets the end of a day unless it leaps there.
	s.clock.leap(time.Until(time.Now().Truncate(24 * time.Hour).Add(36 * time.Hour)))
	s.town = &town{dir: t.TempDir(), clock: s.clock}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	var err error
	s.Node, err = s.node(t.Context(), Config{Data: filepath.Join(s.dir, "n"), Chain: "dev:", ChainListen: "127.0.0.1:0", DIMSEListen: "none", RelayPerHour: "1000", RelayPerDay: "1000"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type texts map[string]string

// try does an act, or asks by one.
func (s *stage) try(noun, verb string, given texts) (any, error) {
	act, err := way.ActNamed(noun, verb)
	if err != nil {
		return nil, err
	}
	lists := map[string][]string{}
	for name, text := range given {
		lists[name] = []string{text}
	}
	read, err := act.Read(lists)
	if err != nil {
		return nil, err
	}
	if act.Ask != nil {
		return s.Ask(s.t.Context(), act, read, "test")
	}
	s.acts++
	done, err := s.Act(s.t.Context(), sinso.Hash{0xac, s.acts}, act, read, "test")
	if err != nil {
		return nil, err
	}
	// The same again finds what was done, and does it no second time; it does not tell again what let it take a token.
	again, err := s.Act(s.t.Context(), done.ID, act, read, "test")
	if last := len(done.Txs) - 1; err != nil || len(again.Txs) == 0 || len(again.Txs) > len(done.Txs) || again.Txs[len(again.Txs)-1].Hash != done.Txs[last].Hash {
		s.t.Errorf("%s again: got %v and error %v, want the transactions of the first", act.Name(), again.Txs, err)
	}
	return done.Result, nil
}

// do is try, put into what into points to, and as the text that it is printed as.
func (s *stage) do(noun, verb string, given texts, into any) string {
	s.t.Helper()
	result, err := s.try(noun, verb, given)
	if err != nil {
		s.t.Fatalf("%s %s: %v", noun, verb, err)
	}
	text, err := json.Marshal(result)
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// refused looks that an act is refused with an error of a class.
func (s *stage) refused(class error, noun, verb string, given texts) {
	s.t.Helper()
	if result, err := s.try(noun, verb, given); !errors.Is(err, class) {
		s.t.Errorf("%s %s: got %v and error %v, want %v", noun, verb, result, err, class)
	}
}

func (s *stage) person(mark string) string {
	s.t.Helper()
	id, err := s.CreatePerson(s.t.Context(), "test", mark, "")
	if err != nil {
		s.t.Fatal(err)
	}
	return string(id)
}

// with is texts with more of them.
func (given texts) with(more ...string) texts {
	all := texts{}
	for name, text := range given {
		all[name] = text
	}
	for i := 0; i < len(more); i += 2 {
		all[more[i]] = more[i+1]
	}
	return all
}
