package identity_test

import "testing"

// TestNamesOfOneMatch: what differs, and what one vouches for of the other.
func TestNamesOfOneMatch(t *testing.T) {
	t.Parallel()
	n := namer(1)
	for name, tt := range map[string]struct {
		a, b                   who
		differs, born, vouches bool
	}{
		"the same":               {who{name: "DOE^J", birth: "1"}, who{name: "DOE^J", birth: "1"}, false, false, true},
		"case and padding":       {who{name: "Doe^J^^"}, who{name: " DOE^J"}, false, false, true},
		"another name":           {who{name: "DOE^J"}, who{name: "ROE^R"}, true, false, false},
		"another birth date":     {who{name: "DOE^J", birth: "1"}, who{name: "DOE^J", birth: "2"}, false, true, false},
		"one says less":          {who{name: "DOE^J", birth: "1"}, who{}, false, false, true},
		"one says more":          {who{}, who{name: "DOE^J"}, false, false, false},
		"a birth date more":      {who{name: "DOE^J"}, who{name: "DOE^J", birth: "1"}, false, false, true},
		"one way of writing":     {who{name: "WANG^X=王^小东"}, who{name: "WANG^X"}, false, false, true},
		"the other differs":      {who{name: "WANG^X=王^小东"}, who{name: "WANG^X=王^小冬"}, true, false, false},
		"no common way":          {who{name: "WANG^X"}, who{name: "=王^小东"}, false, false, false},
		"letters that turn":      {who{name: "DOE^J"}, who{name: "\u202eDOE^J"}, true, false, false},
		"an accent, in two ways": {who{name: "M\u00fcller"}, who{name: "Mu\u0308ller"}, false, false, true},
	} {
		a, b := n.Named(tt.a.header()), n.Named(tt.b.header())
		if differs, born := a.Differs(b); differs != tt.differs || born != tt.born || a.Vouches(b) != tt.vouches {
			t.Errorf("%s: differs %t, %t, vouches %t", name, differs, born, a.Vouches(b))
		}
	}
}
