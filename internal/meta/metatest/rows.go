package metatest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// The promises about rows: what is saved is found, and in which order.

func testPersons(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SavePerson(person("p_b")), x.SavePerson(person("p_a")), x.SavePerson(person("p_c")))
	})
	got := all(t, m, sinso.MetaTx.Persons)
	equal(t, "Persons by ID", got, []sinso.PersonRow{person("p_a"), person("p_b"), person("p_c")})
	view(t, m, func(x sinso.MetaTx) error {
		byID, err := x.Person("p_b")
		equal(t, "Person", byID, person("p_b"))
		byMatch, err2 := x.PersonByMatch("match of p_b")
		equal(t, "PersonByMatch", byMatch, person("p_b"))
		return errors.Join(err, err2)
	})
}

func testReplaced(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	changed := person("p_1")
	changed.Match, changed.Label = "other match", ""
	changedRelease := release("r_1", "p_1", 2)
	changedRelease.State = sinso.ReleaseIsRegistered
	changedOrder := order(1, "p_1")
	changedOrder.State, changedOrder.Answer = sinso.TradeReleased, nil
	changedPurchase := purchase(1, 2)
	changedPurchase.Step = "released"
	changedBearer := bearer("b")
	changedBearer.Expires = at(99)
	changedQuarantine := quarantined("q", 6)
	changedQuarantine.SHA256 = "other"
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(
			x.SavePerson(changed), x.SaveRelease(changedRelease), x.SaveOrder(changedOrder),
			x.SavePurchase(changedPurchase), x.SaveBearer(changedBearer), x.SaveQuarantine(changedQuarantine),
		)
	})
	view(t, m, func(x sinso.MetaTx) error {
		p, err1 := x.PersonByMatch("other match")
		equal(t, "person", p, changed)
		_, err := x.PersonByMatch("match of p_1")
		is(t, "the old match", err, sinso.ErrNotFound)
		r, err2 := x.ReleaseByToken(hash(2))
		equal(t, "release", r, changedRelease)
		_, err = x.ReleaseByToken(hash(1))
		is(t, "the old token", err, sinso.ErrNotFound)
		o, err3 := x.Order(hash(1))
		equal(t, "order", o, changedOrder)
		pu, err4 := x.PurchaseByToken(hash(2))
		equal(t, "purchase", pu, changedPurchase)
		b, err5 := x.Bearer("b")
		equal(t, "bearer", b, changedBearer)
		q, err6 := x.QuarantineBySHA256("other")
		equal(t, "quarantine", q, changedQuarantine)
		return errors.Join(err1, err2, err3, err4, err5, err6)
	})
	for name, n := range map[string]int{
		"persons":   len(all(t, m, sinso.MetaTx.Persons)),
		"purchases": len(all(t, m, sinso.MetaTx.Purchases)),
	} {
		if n != 1 {
			t.Errorf("%s: got %d rows after replacing the only one, want 1", name, n)
		}
	}
}

func testCounts(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(file(x, "p_1", "s_1", "e_1", 3), file(x, "p_1", "s_1", "e_2", 2), file(x, "p_1", "s_2", "e_3", 1))
	})
	changed := study("s_1", "p_1")
	changed.Description, changed.Instances, changed.Bytes = "changed", 999, 999
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveStudy(changed) })
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.Study("s_1")
		want := changed
		want.Instances, want.Bytes = 5, 5000
		equal(t, "study after SaveStudy", got, want)
		return err
	})
	rows := all(t, m, func(x sinso.MetaTx, fn func(sinso.SeriesRow) error) error { return x.Series("s_1", fn) })
	if len(rows) != 2 || rows[0].Instances != 3 || rows[1].Instances != 2 {
		t.Errorf("series of s_1: got %+v, want counts 3 and 2", rows)
	}
}

// testCopies: a study counts the de-identified copies that are in it, and no longer.
func testCopies(t *testing.T, m sinso.Meta) {
	copies := func(n int) {
		t.Helper()
		view(t, m, func(x sinso.MetaTx) error {
			row, err := x.Study("s_1")
			equal(t, "copies", row.Deidentified, n)
			if err != nil {
				return err
			}
			return x.Find(sinso.Query{Level: sinso.LevelStudy}, func(f sinso.Found) error {
				equal(t, "copies found", f.Study.Deidentified, n)
				return nil
			})
		})
	}
	tx(t, m, func(x sinso.MetaTx) error {
		if err := file(x, "p_1", "s_1", "e_1", 2); err != nil {
			return err
		}
		for i, by := range []sinso.Deidentified{sinso.DeidentifiedHere, sinso.DeidentifiedElsewhere} {
			row := instance("i_copy_"+string(by), "e_2", "s_1", "p_1", i)
			row.Deidentified = by
			for range 2 { // saved again it is one still
				if err := x.SaveInstance(study("s_1", "p_1"), series("e_2", "s_1"), row); err != nil {
					return err
				}
			}
		}
		return nil
	})
	copies(2)
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveStudy(study("s_1", "p_1")) })
	copies(2)
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.RemoveInstance("i_copy_sinso", 1000), x.RemoveInstance("i_copy_sinso", 1000), x.RemoveInstance("i_e_1_0", 1000))
	})
	copies(1)
	view(t, m, func(x sinso.MetaTx) error {
		row, err := x.Instance("i_copy_other")
		equal(t, "whose copy", row.Deidentified, sinso.DeidentifiedElsewhere)
		return err
	})
}

func testInstanceTwice(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	before := dump(t, m)
	changed := instance("i_e_1_0", "e_1", "s_1", "p_1", 0)
	changed.UID, changed.Size = "2.25.5", 77
	other := study("s_1", "p_1")
	other.Description = "changed"
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveInstance(other, series("e_1", "s_1"), changed) })
	equal(t, "index after the same instance ID", dump(t, m), before)
}

func testInstanceKeepsStudy(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	bare := sinso.StudyRow{ID: "s_1", Person: "p_1", UID: "2.25.s_1"}
	tx(t, m, func(x sinso.MetaTx) error {
		return x.SaveInstance(bare, sinso.SeriesRow{ID: "e_1", Study: "s_1"}, instance("i_new", "e_1", "s_1", "p_1", 8))
	})
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.Study("s_1")
		want := study("s_1", "p_1")
		want.Instances, want.Bytes = 4, 4000
		equal(t, "study after another instance", got, want)
		return err
	})
	rows := all(t, m, func(x sinso.MetaTx, fn func(sinso.SeriesRow) error) error { return x.Series("s_1", fn) })
	want := series("e_1", "s_1")
	want.Instances = 4
	equal(t, "series after another instance", rows, []sinso.SeriesRow{want})
}

func testInstanceMismatch(t *testing.T, m sinso.Meta) {
	good := instance("i_1", "e_1", "s_1", "p_1", 1)
	for name, save := range map[string]func(sinso.MetaTx) error{
		"study":  func(x sinso.MetaTx) error { return x.SaveInstance(study("s_2", "p_1"), series("e_1", "s_1"), good) },
		"series": func(x sinso.MetaTx) error { return x.SaveInstance(study("s_1", "p_1"), series("e_2", "s_1"), good) },
		"person": func(x sinso.MetaTx) error { return x.SaveInstance(study("s_1", "p_2"), series("e_1", "s_1"), good) },
		"series of another study": func(x sinso.MetaTx) error {
			return x.SaveInstance(study("s_1", "p_1"), series("e_1", "s_2"), good)
		},
	} {
		is(t, name, m.Tx(t.Context(), save), sinso.ErrInvalid)
	}
	if n := len(all(t, m, func(x sinso.MetaTx, fn func(sinso.StudyRow) error) error { return x.Studies("", fn) })); n != 0 {
		t.Errorf("got %d studies after refused instances, want none", n)
	}
}

func testInstances(t *testing.T, m sinso.Meta) {
	// Saved in an order that is none of those promised.
	first, second := series("e_x", "s_1"), series("e_y", "s_1")
	first.UID, second.UID = "2.25.10", "2.25.9" // by text, "2.25.10" comes first
	rows := []sinso.InstanceRow{
		instance("i_5", "e_y", "s_1", "p_1", 1),
		instance("i_3", "e_x", "s_1", "p_1", 10),
		instance("i_2", "e_x", "s_1", "p_1", 9),
		instance("i_1", "e_x", "s_1", "p_1", -2),
		instance("i_4", "e_x", "s_1", "p_1", 10), // a conflict: same number, same UID, later
	}
	rows[1].Seq, rows[4].Seq = 50, 60
	rows[4].UID, rows[4].Conflict = rows[1].UID, true
	tx(t, m, func(x sinso.MetaTx) error {
		var err error
		for _, row := range rows {
			of := first
			if row.Series == "e_y" {
				of = second
			}
			err = errors.Join(err, x.SaveInstance(study("s_1", "p_1"), of, row))
		}
		return errors.Join(err, file(x, "p_1", "s_2", "e_z", 2))
	})
	got := all(t, m, func(x sinso.MetaTx, fn func(sinso.InstanceRow) error) error { return x.Instances("s_1", fn) })
	equal(t, "Instances by series UID, number, UID, Seq", got, []sinso.InstanceRow{rows[3], rows[2], rows[1], rows[4], rows[0]})
	got = all(t, m, func(x sinso.MetaTx, fn func(sinso.InstanceRow) error) error { return x.InstancesByUID(rows[1].UID, fn) })
	equal(t, "InstancesByUID by Seq", got, []sinso.InstanceRow{rows[1], rows[4]})
	view(t, m, func(x sinso.MetaTx) error {
		byID, err := x.Instance("i_4")
		equal(t, "Instance", byID, rows[4])
		bySHA, err2 := x.InstanceByFingerprint("p_1", "print of i_2")
		equal(t, "InstanceByFingerprint", bySHA, rows[2])
		return errors.Join(err, err2)
	})
}

func testSHA256OfPerson(t *testing.T, m sinso.Meta) {
	mine, theirs := instance("i_1", "e_1", "s_1", "p_1", 1), instance("i_2", "e_2", "s_2", "p_2", 1)
	theirs.Fingerprint = mine.Fingerprint
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(
			x.SaveInstance(study("s_2", "p_2"), series("e_2", "s_2"), theirs),
			x.SaveInstance(study("s_1", "p_1"), series("e_1", "s_1"), mine),
		)
	})
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.InstanceByFingerprint("p_1", mine.Fingerprint)
		equal(t, "own instance", got, mine)
		_, other := x.InstanceByFingerprint("p_3", mine.Fingerprint)
		is(t, "instance of others", other, sinso.ErrNotFound)
		return err
	})
}

func testStudies(t *testing.T, m sinso.Meta) {
	rows := []sinso.StudyRow{study("s_old", "p_1"), study("s_new", "p_1"), study("s_other", "p_2"), study("s_tie", "p_1")}
	rows[0].Imported, rows[0].ImportSeq = at(10), 1
	rows[1].Imported, rows[1].ImportSeq = at(30), 3
	rows[2].Imported, rows[2].ImportSeq = at(20), 2
	rows[3].Imported, rows[3].ImportSeq = at(30), 4
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SaveStudy(rows[0]), x.SaveStudy(rows[1]), x.SaveStudy(rows[2]), x.SaveStudy(rows[3]))
	})
	name := func(r sinso.StudyRow) sinso.StudyID { return r.ID }
	got := all(t, m, func(x sinso.MetaTx, fn func(sinso.StudyRow) error) error { return x.Studies("", fn) })
	equal(t, "all studies", ids(got, name), []sinso.StudyID{"s_tie", "s_new", "s_other", "s_old"})
	got = all(t, m, func(x sinso.MetaTx, fn func(sinso.StudyRow) error) error { return x.Studies("p_1", fn) })
	equal(t, "studies of one", got, []sinso.StudyRow{rows[3], rows[1], rows[0]})
}

func testSeries(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(file(x, "p_1", "s_1", "e_b", 1), file(x, "p_1", "s_1", "e_a", 1), file(x, "p_1", "s_2", "e_c", 1))
	})
	a, b := series("e_a", "s_1"), series("e_b", "s_1")
	a.Instances, b.Instances = 1, 1
	got := all(t, m, func(x sinso.MetaTx, fn func(sinso.SeriesRow) error) error { return x.Series("s_1", fn) })
	equal(t, "series by UID", got, []sinso.SeriesRow{a, b})
}

func testQuarantine(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SaveQuarantine(quarantined("b", 7)), x.SaveQuarantine(quarantined("a", 4)), x.SaveQuarantine(quarantined("b", 7)))
	})
	equal(t, "Quarantine by Seq", all(t, m, sinso.MetaTx.Quarantine), []sinso.QuarantineRow{quarantined("a", 4), quarantined("b", 7)})
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.QuarantineBySHA256("sha of b")
		equal(t, "QuarantineBySHA256", got, quarantined("b", 7))
		return err
	})
	again := quarantined("0", 9)
	again.SHA256 = "sha of b"
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveQuarantine(again) })
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.QuarantineBySHA256("sha of b")
		equal(t, "the newest by hash", got, again)
		return err
	})
}

func testReleases(t *testing.T, m sinso.Meta) {
	z, a, o := release("r_z", "p_1", 1), release("r_a", "p_1", 2), release("r_o", "p_2", 3)
	tx(t, m, func(x sinso.MetaTx) error { return errors.Join(x.SaveRelease(z), x.SaveRelease(o), x.SaveRelease(a)) })
	z.State = sinso.ReleaseIsRegistered
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveRelease(z) }) // a change leaves the order
	got := all(t, m, func(x sinso.MetaTx, fn func(sinso.ReleaseRow) error) error { return x.Releases("", fn) })
	equal(t, "all releases, oldest first", got, []sinso.ReleaseRow{z, o, a})
	got = all(t, m, func(x sinso.MetaTx, fn func(sinso.ReleaseRow) error) error { return x.Releases("p_1", fn) })
	equal(t, "releases of one", got, []sinso.ReleaseRow{z, a})
	view(t, m, func(x sinso.MetaTx) error {
		byID, err := x.Release("r_a")
		equal(t, "Release", byID, a)
		byToken, err2 := x.ReleaseByToken(hash(3))
		equal(t, "ReleaseByToken", byToken, o)
		return errors.Join(err, err2)
	})
}

func testOrders(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SaveOrder(order(9, "p_1")), x.SaveOrder(order(2, "p_2")), x.SaveOrder(order(1, "p_1")), x.SaveOrder(order(9, "p_1")))
	})
	got := all(t, m, func(x sinso.MetaTx, fn func(sinso.OrderRow) error) error { return x.Orders("", fn) })
	equal(t, "all orders, oldest first", got, []sinso.OrderRow{order(9, "p_1"), order(2, "p_2"), order(1, "p_1")})
	got = all(t, m, func(x sinso.MetaTx, fn func(sinso.OrderRow) error) error { return x.Orders("p_1", fn) })
	equal(t, "orders of one", got, []sinso.OrderRow{order(9, "p_1"), order(1, "p_1")})
	view(t, m, func(x sinso.MetaTx) error {
		row, err := x.Order(hash(2))
		equal(t, "Order", row, order(2, "p_2"))
		return err
	})
}

func testPurchases(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SavePurchase(purchase(9, 1)), x.SavePurchase(purchase(2, 2)), x.SavePurchase(purchase(9, 1)))
	})
	equal(t, "purchases, oldest first", all(t, m, sinso.MetaTx.Purchases), []sinso.PurchaseRow{purchase(9, 1), purchase(2, 2)})
	view(t, m, func(x sinso.MetaTx) error {
		row, err := x.Purchase(hash(2))
		equal(t, "Purchase", row, purchase(2, 2))
		byToken, err2 := x.PurchaseByToken(hash(1))
		equal(t, "PurchaseByToken", byToken, purchase(9, 1))
		return errors.Join(err, err2)
	})
}

func testNewestPurchase(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SavePurchase(purchase(9, 1)), x.SavePurchase(purchase(2, 1)))
	})
	view(t, m, func(x sinso.MetaTx) error {
		row, err := x.PurchaseByToken(hash(1))
		equal(t, "PurchaseByToken of two", row, purchase(2, 1))
		return err
	})
}

func testZeroToken(t *testing.T, m sinso.Meta) {
	planned, bought := release("r_1", "p_1", 0), purchase(1, 0)
	planned.Token, bought.Token = sinso.TokenID{}, sinso.TokenID{}
	tx(t, m, func(x sinso.MetaTx) error { return errors.Join(x.SaveRelease(planned), x.SavePurchase(bought)) })
	view(t, m, func(x sinso.MetaTx) error {
		_, err := x.ReleaseByToken(sinso.TokenID{})
		is(t, "ReleaseByToken(0)", err, sinso.ErrNotFound)
		_, err = x.PurchaseByToken(sinso.TokenID{})
		is(t, "PurchaseByToken(0)", err, sinso.ErrNotFound)
		return nil
	})
}

func testBearers(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error { return errors.Join(x.SaveBearer(bearer("b1")), x.SaveBearer(bearer("b2"))) })
	view(t, m, func(x sinso.MetaTx) error {
		row, err := x.Bearer("b2")
		equal(t, "Bearer", row, bearer("b2"))
		return err
	})
}

func testAEs(t *testing.T, m sinso.Meta) {
	first, second, changed := sinso.AERow{Title: "A"}, sinso.AERow{Title: "B", Host: "127.0.0.1", Research: true}, sinso.AERow{Title: "A", Port: 104}
	tx(t, m, func(x sinso.MetaTx) error { return errors.Join(x.SaveAE(second), x.SaveAE(first), x.SaveAE(changed)) })
	equal(t, "AEs by title", all(t, m, sinso.MetaTx.AEs), []sinso.AERow{changed, second})
	tx(t, m, func(x sinso.MetaTx) error { return errors.Join(x.RemoveAE("A"), x.RemoveAE("A")) })
	view(t, m, func(x sinso.MetaTx) error {
		_, err := x.AE("A")
		is(t, "AE that was removed", err, sinso.ErrNotFound)
		got, err := x.AE("B")
		equal(t, "AE", got, second)
		return err
	})
	is(t, "SaveAE without a title", m.Tx(t.Context(), func(x sinso.MetaTx) error { return x.SaveAE(sinso.AERow{}) }), sinso.ErrInvalid)
}

func testTemplates(t *testing.T, m sinso.Meta) {
	row := func(id string, removed uint64) sinso.TemplateRow {
		is := sinso.Template{Manufacturer: "Synthetic Works", Rows: 48, Columns: 64, Boxes: [][4]int{{0, 0, 64, 8}}}
		return sinso.TemplateRow{ID: sinso.TemplateID(id), Template: is, By: "test", Removed: removed}
	}
	z, a, gone := row("t_z", 0), row("t_a", 0), row("t_z", 7)
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SaveTemplate(z), x.SaveTemplate(a), x.SaveTemplate(gone))
	})
	equal(t, "templates, oldest first", all(t, m, sinso.MetaTx.Templates), []sinso.TemplateRow{gone, a})
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.Template("t_z")
		equal(t, "Template", got, gone)
		return err
	})
}

func share(id sinso.ShareID, of sinso.PersonID) sinso.ShareRow {
	return sinso.ShareRow{
		SharePlanned: sinso.SharePlanned{Share: id, Study: "s_1", Purpose: sinso.ForTreatment, Ends: at(9), Verifier: hash(3), Parts: 2, Limit: 5},
		Person:       of, State: sinso.ShareIsMade, By: "test", Planned: at(1), Made: at(2), Openings: []time.Time{at(3), at(4)},
	}
}

func testShares(t *testing.T, m sinso.Meta) {
	z, a, ended := share("l_z", "p_2"), share("l_a", "p_1"), share("l_z", "p_1")
	ended.State, ended.Ended, ended.Why = sinso.ShareIsEnded, at(7), sinso.EndWithdrawn
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SaveShare(z), x.SaveShare(a), x.SaveShare(share("l_c", "p_3")))
	})
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveShare(ended) }) // of who was merged, too
	of := func(person sinso.PersonID) []sinso.ShareRow {
		return all(t, m, func(x sinso.MetaTx, fn func(sinso.ShareRow) error) error { return x.Shares(person, fn) })
	}
	equal(t, "shares of a person, oldest first", of("p_1"), []sinso.ShareRow{ended, a})
	equal(t, "shares of who had one", len(of("p_2")), 0)
	equal(t, "shares of all", len(of("")), 3)
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.Share("l_z")
		equal(t, "Share", got, ended)
		return err
	})
}

func testCredentials(t *testing.T, m sinso.Meta) {
	first, second, foreign := credential("k_b", "p_1"), credential("k_a", "p_1"), credential("k_c", "p_2")
	changed := first
	changed.Label, changed.Count, changed.Expires = "laptop", 7, time.Time{}
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SaveCredential(first), x.SaveCredential(second), x.SaveCredential(foreign), x.SaveCredential(changed))
	})
	of := func(account string) []sinso.CredentialRow {
		return all(t, m, func(x sinso.MetaTx, fn func(sinso.CredentialRow) error) error { return x.Credentials(account, fn) })
	}
	equal(t, "credentials of an account, oldest first", of("p_1"), []sinso.CredentialRow{changed, second})
	equal(t, "all credentials", of(""), []sinso.CredentialRow{changed, second, foreign})
	taken := credential("k_d", "p_2")
	taken.Key = first.Key
	is(t, "SaveCredential of a key that another has", m.Tx(t.Context(), func(x sinso.MetaTx) error { return x.SaveCredential(taken) }), sinso.ErrExists)
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.Credential("k_b")
		equal(t, "Credential", got, changed)
		byKey, err2 := x.CredentialByKey(first.Key)
		equal(t, "CredentialByKey", byKey, changed)
		return errors.Join(err, err2)
	})
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.RemoveCredential("k_b"), x.RemoveCredential("k_b"), x.SaveCredential(taken))
	})
	equal(t, "credentials after one was removed", of("p_1"), []sinso.CredentialRow{second})
}

func testPublic(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error { return errors.Join(x.SavePublic(cid("a")), x.SavePublic(cid("a"))) })
	view(t, m, func(x sinso.MetaTx) error {
		yes, err := x.Public(cid("a"))
		no, err2 := x.Public(cid("b"))
		if !yes || no {
			t.Errorf("Public: got %t for a marked block and %t for another, want true and false", yes, no)
		}
		return errors.Join(err, err2)
	})
}

func testEvents(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(
			x.SaveEvent(9, "p_1", "s_1"),
			x.SaveEvent(10, "p_1", "s_1", "r_1", "s_1"),
			x.SaveEvent(2, "p_2", "s_1"),
			x.SaveEvent(0, ""),
			x.SaveEvent(5, "p_1", "s_7", ""),
			x.SaveEvent(5, "p_2", "s_2"), // replaces
			x.SaveEvent(10, "p_1", "s_1", "r_1"),
		)
	})
	for name, tt := range map[string]struct {
		person  sinso.PersonID
		subject string
		want    []uint64
	}{
		"person":            {"p_1", "", []uint64{9, 10}},
		"other person":      {"p_2", "", []uint64{2, 5}},
		"subject":           {"", "s_1", []uint64{2, 9, 10}},
		"second subject":    {"", "r_1", []uint64{10}},
		"both":              {"p_1", "s_1", []uint64{9, 10}},
		"replaced subject":  {"", "s_7", nil},
		"replacing subject": {"", "s_2", []uint64{5}},
		"all":               {"", "", []uint64{0, 2, 5, 9, 10}},
		"nobody":            {"p_3", "s_1", nil},
	} {
		got := all(t, m, func(x sinso.MetaTx, fn func(uint64) error) error { return x.EventsOf(tt.person, tt.subject, fn) })
		equal(t, "EventsOf "+name, got, tt.want)
	}
}

func testCursor(t *testing.T, m sinso.Meta) {
	for _, want := range []uint64{0, 7, 3, 1 << 40} {
		if want > 0 {
			tx(t, m, func(x sinso.MetaTx) error { return x.SetCursor(want) })
		}
		view(t, m, func(x sinso.MetaTx) error {
			got, err := x.Cursor()
			equal(t, "Cursor", got, want)
			return err
		})
	}
}

func testNotFound(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	view(t, m, func(x sinso.MetaTx) error {
		for name, err := range finders(x) {
			is(t, name, err, sinso.ErrNotFound)
		}
		return nil
	})
	for name, err := range map[string]error{ // and inside a Tx that goes on
		"Tx": m.Tx(t.Context(), func(x sinso.MetaTx) error {
			for name, err := range finders(x) {
				is(t, name, err, sinso.ErrNotFound)
			}
			return x.SavePerson(person("p_after"))
		}),
	} {
		if err != nil {
			t.Errorf("%s after finders that found nothing: %v", name, err)
		}
	}
}

func testListsStop(t *testing.T, m sinso.Meta) {
	tx(t, m, everything)
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SavePerson(person("p_2")), file(x, "p_2", "s_2", "e_2", 2), x.SaveEvent(4, "p_1", "s_1"), x.SaveErasure(sinso.ErasureRow{Seq: 1}))
	})
	view(t, m, func(x sinso.MetaTx) error {
		calls := 0
		for name, err := range lists(x, func() error { calls++; return errStop }) {
			if err != errStop { //nolint:errorlint // the very error, unwrapped
				t.Errorf("%s: got %v, want the caller's error", name, err)
			}
		}
		if want := len(lists(x, func() error { return nil })); calls != want {
			t.Errorf("got %d calls, want one for each of %d lists", calls, want)
		}
		return nil
	})
}

func testListInsideList(t *testing.T, m sinso.Meta) {
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(file(x, "p_1", "s_1", "e_1", 2), file(x, "p_1", "s_2", "e_2", 2))
	})
	pairs := 0
	view(t, m, func(x sinso.MetaTx) error {
		return x.Studies("", func(outer sinso.StudyRow) error {
			return x.Studies("", func(inner sinso.StudyRow) error {
				return x.Instances(inner.ID, func(sinso.InstanceRow) error {
					pairs++
					_, err := x.Study(outer.ID)
					return err
				})
			})
		})
	})
	equal(t, "rows of the inner lists", pairs, 2*2*2)
}

func testSaveNeedsID(t *testing.T, m sinso.Meta) {
	for name, save := range map[string]func(sinso.MetaTx) error{
		"SavePerson": func(x sinso.MetaTx) error { return x.SavePerson(sinso.PersonRow{}) },
		"SaveInstance": func(x sinso.MetaTx) error {
			return x.SaveInstance(sinso.StudyRow{}, sinso.SeriesRow{}, sinso.InstanceRow{})
		},
		"SaveStudy":      func(x sinso.MetaTx) error { return x.SaveStudy(sinso.StudyRow{}) },
		"SaveQuarantine": func(x sinso.MetaTx) error { return x.SaveQuarantine(sinso.QuarantineRow{}) },
		"SaveRelease":    func(x sinso.MetaTx) error { return x.SaveRelease(sinso.ReleaseRow{}) },
		"SaveOrder":      func(x sinso.MetaTx) error { return x.SaveOrder(sinso.OrderRow{}) },
		"SavePurchase":   func(x sinso.MetaTx) error { return x.SavePurchase(sinso.PurchaseRow{}) },
		"SaveBearer":     func(x sinso.MetaTx) error { return x.SaveBearer(sinso.BearerRow{}) },
		"SavePublic":     func(x sinso.MetaTx) error { return x.SavePublic("") },
		"SaveReview":     func(x sinso.MetaTx) error { return x.SaveReview(sinso.ReviewRow{}) },
		"SaveTemplate":   func(x sinso.MetaTx) error { return x.SaveTemplate(sinso.TemplateRow{}) },
		"SaveShare":      func(x sinso.MetaTx) error { return x.SaveShare(sinso.ShareRow{}) },
		"SaveCredential": func(x sinso.MetaTx) error { return x.SaveCredential(sinso.CredentialRow{}) },
		"SaveStratum":    func(x sinso.MetaTx) error { return x.SaveStratum(sinso.Stratum{}) },
	} {
		is(t, name, m.Tx(t.Context(), save), sinso.ErrInvalid)
	}
}

func testText(t *testing.T, m sinso.Meta) {
	row := study("s_1", "p_1")
	row.PatientName = "Yamada^Tarou=山田^太郎=やまだ^たろう\x00'; DROP TABLE study; --\u2028"
	row.Description = strings.Repeat("ÄÖ", 100_000)
	row.UID = "'\"%_\\"
	tx(t, m, func(x sinso.MetaTx) error { return x.SaveStudy(row) })
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.Study("s_1")
		equal(t, "study", got, row)
		return err
	})
}

func testLargeNumbers(t *testing.T, m sinso.Meta) {
	const largest = 1<<63 - 1
	row := instance("i_1", "e_1", "s_1", "p_1", 1<<31-1)
	row.Seq, row.Size = largest, 1<<50
	tx(t, m, func(x sinso.MetaTx) error {
		return errors.Join(x.SaveInstance(study("s_1", "p_1"), series("e_1", "s_1"), row), x.SetCursor(largest))
	})
	view(t, m, func(x sinso.MetaTx) error {
		got, err := x.Instance("i_1")
		equal(t, "instance", got, row)
		owner, err2 := x.Study("s_1")
		equal(t, "bytes of the study", owner.Bytes, int64(1<<50))
		return errors.Join(err, err2)
	})
	is(t, "SetCursor(2^63)", m.Tx(t.Context(), func(x sinso.MetaTx) error { return x.SetCursor(largest + 1) }), sinso.ErrInvalid)
}
