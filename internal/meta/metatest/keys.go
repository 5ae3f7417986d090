package metatest

import (
	"testing"

	"sinso.dev/sinso"
)

func testSaveKeys(t *testing.T, m sinso.Meta) {
	tx(t, m, fileJane)
	var before, after sinso.InstanceRow
	view(t, m, func(x sinso.MetaTx) (err error) {
		before, err = x.Instance("i_mr")
		return err
	})
	keys := []sinso.WrappedKey{{To: "institution", Wrapped: []byte{1, 2}}, {To: "person:p_9", Wrapped: []byte{3}}}
	tx(t, m, func(x sinso.MetaTx) error {
		is(t, "SaveKeys of nothing", x.SaveKeys("i_none", keys), sinso.ErrNotFound)
		return x.SaveKeys("i_mr", keys)
	})
	view(t, m, func(x sinso.MetaTx) (err error) {
		after, err = x.Instance("i_mr")
		return err
	})
	before.Keys = keys
	equal(t, "instance", after, before)
	view(t, m, func(x sinso.MetaTx) error {
		other, err := x.Instance("i_ct1")
		if len(other.Keys) == 2 && string(other.Keys[1].To) == "person:p_9" {
			t.Error("another instance has the keys too")
		}
		return err
	})
}
