// Package metatest is the conformance suite of port [sinso.Meta]: every adapter
// runs it, and a new promise of the port is added here.
package metatest

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sinso.dev/sinso"
)

// Open returns a fresh, empty index, which the suite closes.
type Open func(t *testing.T) sinso.Meta

// Test runs the suite.
func Test(t *testing.T, open Open) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, sinso.Meta){
		"Persons":                                 testPersons,
		"InstanceCountsAreKept":                   testCounts,
		"CopiesAreCounted":                        testCopies,
		"InstanceTwiceChangesNothing":             testInstanceTwice,
		"InstanceKeepsTheStudysRow":               testInstanceKeepsStudy,
		"InstanceOfAnotherStudyIsRefused":         testInstanceMismatch,
		"InstancesAreFoundAndOrdered":             testInstances,
		"StudiesNewestImportFirst":                testStudies,
		"SeriesByUID":                             testSeries,
		"Quarantine":                              testQuarantine,
		"Releases":                                testReleases,
		"Orders":                                  testOrders,
		"Purchases":                               testPurchases,
		"Bearers":                                 testBearers,
		"PublicBlocks":                            testPublic,
		"Events":                                  testEvents,
		"Cursor":                                  testCursor,
		"FindersReturnErrNotFound":                testNotFound,
		"ListsStopAtTheCallersError":              testListsStop,
		"ListInsideList":                          testListInsideList,
		"SaveNeedsAnID":                           testSaveNeedsID,
		"TxIsAllOrNothing":                        testAllOrNothing,
		"TxRollsBackOnPanic":                      testPanic,
		"TxRollsBackWhenCancelled":                testCancelled,
		"TxSeesItsOwnWrites":                      testOwnWrites,
		"WritersAreSerial":                        testSerial,
		"ViewSeesNoHalfWrite":                     testNoHalfWrite,
		"ViewKeepsItsSnapshot":                    testSnapshot,
		"ViewDoesNotSave":                         testViewDoesNotSave,
		"TransactionsEndWithTheirFunction":        testEnded,
		"ReplayTwiceIsReplayOnce":                 testReplay,
		"ResetEmptiesAndReplayBringsItBack":       testReset,
		"CheckFindsNothingInASoundIndex":          testCheck,
		"ClosedIndexIsUnavailable":                testClosed,
		"NoIdentifyingValueInErrors":              testErrorsAreQuiet,
		"TextOfEveryScriptSurvives":               testText,
		"ManyViewsAtOnce":                         testManyViews,
		"CancelledContextStartsNothing":           testCancelledBefore,
		"LargeNumbersSurvive":                     testLargeNumbers,
		"RowsAreReplacedByID":                     testReplaced,
		"TokensOfZeroAreNoTokens":                 testZeroToken,
		"PurchaseByTokenIsTheNewest":              testNewestPurchase,
		"InstanceByFingerprintIsOfThePersonAlone": testSHA256OfPerson,
		"FindByEveryKeyAsPS34C222":                testFindKeys,
		"FindRefusesWhatIsNoValue":                testFindInvalid,
		"FindLevelsCountsAndHeaders":              testFindLevels,
		"FindNewestFirstInPages":                  testFindOrder,
		"FindIsBoundedToAPerson":                  testFindPerson,
		"FindOfManyAgreesWithALook":               testFindMany,
		"FindStopsAtTheCallersError":              testFindStops,
		"ConflictsAreKeptAndNotFound":             testConflicts,
		"KeysAreReplacedAlone":                    testSaveKeys,
		"Metadata":                                testMetadata,
		"RemovedInstancesAreGone":                 testRemove,
		"RemovedStaysAwayUntilItComesAgain":       testRemoveReplay,
		"StudyMovesToAnotherPerson":               testMove,
		"MergedPersonIsFoundByTheirMatch":         testMergedMatch,
		"SealedInstanceIsASubject":                testSealedSubject,
		"ApplicationEntities":                     testAEs,
		"Templates":                               testTemplates,
		"SharesAreTheirPersons":                   testShares,
		"Credentials":                             testCredentials,
		"ReviewsAreTheirStudys":                   testReviews,
		"StrataAreCountedApart":                   testStrata,
		"ErasedLeavesNothing":                     testErase,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := open(t)
			t.Cleanup(func() {
				if err := m.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			})
			test(t, m)
		})
	}
}

// tx runs fn in a transaction that must succeed.
func tx(t *testing.T, m sinso.Meta, fn func(sinso.MetaTx) error) {
	t.Helper()
	if err := m.Tx(t.Context(), fn); err != nil {
		t.Fatalf("Tx: %v", err)
	}
}

// view runs fn in a view that must succeed.
func view(t *testing.T, m sinso.Meta, fn func(sinso.MetaTx) error) {
	t.Helper()
	if err := m.View(t.Context(), fn); err != nil {
		t.Fatalf("View: %v", err)
	}
}

var options = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.EquateApproxTime(0),
	cmp.Comparer(func(a, b sinso.Wei) bool { return a.Int().Cmp(b.Int()) == 0 }),
}

// equal fails unless got is want.
func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, options); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// is fails unless err is of the class.
func is(t *testing.T, what string, err, class error) {
	t.Helper()
	if !errors.Is(err, class) {
		t.Errorf("%s: got error %v, want %v", what, err, class)
	}
}

// all collects a list.
func all[T any](t *testing.T, m sinso.Meta, list func(sinso.MetaTx, func(T) error) error) []T {
	t.Helper()
	var got []T
	view(t, m, func(x sinso.MetaTx) error {
		got = nil
		return list(x, func(row T) error { got = append(got, row); return nil })
	})
	return got
}

// ids maps rows to their names.
func ids[T any, S ~string](rows []T, id func(T) S) []S {
	out := make([]S, 0, len(rows))
	for _, row := range rows {
		out = append(out, id(row))
	}
	return out
}

func at(second int) time.Time {
	return time.Date(2031, 5, 4, 3, 2, 1, 123456789, time.UTC).Add(time.Duration(second) * time.Second)
}

func hash(n byte) sinso.Hash { return sinso.Hash{31: n, 0: 0xab} }

func cid(text string) sinso.CID { return sinso.CIDOf(sinso.CodecRaw, []byte(text)) }

func wrapped(to sinso.KeyID) []sinso.WrappedKey {
	return []sinso.WrappedKey{{To: to, Wrapped: []byte{0, 1, 2, 255}}, {To: sinso.KeyInstitution, Wrapped: []byte{3}}}
}

func person(id string) sinso.PersonRow {
	return sinso.PersonRow{
		ID: sinso.PersonID(id), Match: "match of " + id, Label: "SYNTHETIC^" + id,
		Identity: hash(7), Created: at(0),
	}
}

func study(id, owner string) sinso.StudyRow {
	return sinso.StudyRow{
		ID: sinso.StudyID(id), Person: sinso.PersonID(owner), UID: "2.25." + id,
		PatientID: "MRN-1", PatientName: "SYNTHETIC^NAME", Date: "20310504", Time: "101112.5", Accession: "ACC", Description: "chest",
		Origin: sinso.OriginSelf, Tier: sinso.T3, Manifest: cid("m" + id), Keys: wrapped(sinso.PersonKey("p")), ImportSeq: 9, Imported: at(1),
	}
}

func series(id, of string) sinso.SeriesRow {
	return sinso.SeriesRow{
		ID: sinso.SeriesID(id), Study: sinso.StudyID(of), UID: "2.25.7." + id, Modality: "CT",
		BodyPart: "CHEST", Description: "axial",
	}
}

func instance(id, inSeries, inStudy, owner string, number int) sinso.InstanceRow {
	return sinso.InstanceRow{
		ID: sinso.InstanceID(id), Series: sinso.SeriesID(inSeries), Study: sinso.StudyID(inStudy), Person: sinso.PersonID(owner),
		UID: "2.25.9." + id, Fingerprint: "print of " + id, SOPClass: "1.2.840.10008.5.1.4.1.1.2", Syntax: "1.2.840.10008.1.2.1",
		Number: number, Frames: 1, Rows: 512, Columns: 256, Size: 1000, CID: cid(id),
		Keys: wrapped(sinso.PersonKey(sinso.PersonID(owner))), Tier: sinso.T3, Origin: sinso.OriginGateway, Seq: 100 + uint64(number),
	}
}

// file saves n instances of one series of one study of one person.
func file(x sinso.MetaTx, owner, inStudy, inSeries string, n int) error {
	for i := range n {
		row := instance(fmt.Sprintf("i_%s_%d", inSeries, i), inSeries, inStudy, owner, i)
		if err := x.SaveInstance(study(inStudy, owner), series(inSeries, inStudy), row); err != nil {
			return err
		}
	}
	return nil
}

func release(id, owner string, token byte) sinso.ReleaseRow {
	return sinso.ReleaseRow{
		ID: sinso.ReleaseID(id), Study: "s_1", Person: sinso.PersonID(owner), State: sinso.ReleaseIsStored,
		Author: &sinso.PlannedAuthor{Person: "p_d", Role: "doctor", Work: "measurement", Bps: 500},
		Secret: wrapped("x")[0], Price: sinso.NewWei(new(big.Int).Lsh(big.NewInt(1), 200)), Manifest: cid(id), Keys: wrapped("x"),
		Tier: sinso.T1, Instances: 3, Withheld: map[sinso.Reason]int{"burned-in": 2}, Reason: "face",
		Asset: sinso.Asset{
			Creator: sinso.Address{1}, Commitment: hash(3), Split: []sinso.Share{{Payee: sinso.Address{2}, Bps: 10_000}},
			Signatures: [][]byte{{1, 2}},
		},
		Quality: &sinso.Quality{Version: 1, Score: 81, Instances: 3, Parts: []sinso.QualityPart{{Part: "validity", Score: 90, Weight: 25, Findings: []sinso.QualityFinding{{Finding: "missing", Tag: "(0028,0030)", Count: 2}}}}},
		Sample:  []byte{1, 2, 3},
		Roles:   []string{"patient"}, Opening: []byte("opening"), Token: hash(token), Tx: hash(5), Gas: 54_321, Seq: 77, Updated: at(2),
	}
}

func order(n byte, owner string) sinso.OrderRow {
	return sinso.OrderRow{
		Hash: hash(n), Release: "r_1", Person: sinso.PersonID(owner), Token: hash(9), Price: sinso.NewWei(big.NewInt(12)),
		Offer: []byte("offer"), State: sinso.TradeDelivered, Buyer: sinso.Address{4},
		Answer:  []byte(`{"grant":"AA=="}`),
		Revoked: true, Tx: hash(2), Payouts: []sinso.Payout{{To: sinso.Address{1}, Role: "patient", Wei: sinso.NewWei(big.NewInt(11))}},
		Updated: at(3),
	}
}

func purchase(n, token byte) sinso.PurchaseRow {
	return sinso.PurchaseRow{
		Order: hash(n), Token: hash(token), Step: "filled", Offer: []byte("offer"), Secret: wrapped("node")[0], Key: wrapped("node")[1],
		Answer: []byte("answer"), FillTx: sinso.Tx{Hash: hash(1), Gas: 2, Block: 3}, Payouts: []sinso.Payout{{Role: "patient"}},
	}
}

func bearer(name string) sinso.BearerRow {
	return sinso.BearerRow{Hash: name, Role: sinso.RoleOwner, Person: "p_1", Expires: at(5)}
}

func credential(id, account string) sinso.CredentialRow {
	return sinso.CredentialRow{
		ID: sinso.CredentialID(id), Kind: sinso.SignInPasskey, Key: "key of " + id, Public: []byte{1}, Handle: []byte{2}, Site: "localhost",
		Count: 1<<32 - 1, Synced: true, PRF: true, Wrapped: []byte{3}, Label: "电话", Account: account, Role: sinso.RoleOwner,
		Person: sinso.PersonID(account), Expires: at(9), Created: at(7), Used: at(8),
	}
}

func quarantined(name string, seq uint64) sinso.QuarantineRow {
	return sinso.QuarantineRow{
		Quarantined: sinso.Quarantined{
			CID: cid(name), SHA256: "sha of " + name, Size: 5, Reason: "truncated", Detail: "dicom: cut off",
			Name: "folder/" + name, Person: "p_1", Keys: wrapped("node"),
		},
		At: at(6), Seq: seq,
	}
}

// everything saves one row of every kind, and is what a replay does.
func everything(x sinso.MetaTx) error {
	return errors.Join(
		x.SavePerson(person("p_1")),
		file(x, "p_1", "s_1", "e_1", 3),
		x.SaveStudy(study("s_1", "p_1")),
		x.SaveQuarantine(quarantined("q", 5)),
		x.SaveRelease(release("r_1", "p_1", 1)),
		x.SaveOrder(order(1, "p_1")),
		x.SavePurchase(purchase(1, 1)),
		x.SaveBearer(bearer("b")),
		x.SaveCredential(credential("k_1", "p_1")),
		x.SaveReview(review("v_1", "s_1")),
		x.SaveStratum(stratum("d", 20, 3)),
		x.SaveTemplate(sinso.TemplateRow{ID: "t_1"}),
		x.SaveShare(share("l_1", "p_1")),
		x.SavePublic(cid("public")),
		x.SaveMetadata("i_e_1_1", []byte(`{"00080018":{}}`)),
		x.SaveEvent(3, "p_1", "s_1", "r_1"),
		x.SetCursor(12),
	)
}

// dump reads all of an index that holds what everything saves.
func dump(t *testing.T, m sinso.Meta) []any {
	t.Helper()
	out := []any{
		all(t, m, sinso.MetaTx.Persons),
		all(t, m, func(x sinso.MetaTx, fn func(sinso.StudyRow) error) error { return x.Studies("", fn) }),
		all(t, m, func(x sinso.MetaTx, fn func(sinso.SeriesRow) error) error { return x.Series("s_1", fn) }),
		all(t, m, func(x sinso.MetaTx, fn func(sinso.InstanceRow) error) error { return x.Instances("s_1", fn) }),
		all(t, m, sinso.MetaTx.Quarantine),
		all(t, m, func(x sinso.MetaTx, fn func(sinso.ReleaseRow) error) error { return x.Releases("", fn) }),
		all(t, m, func(x sinso.MetaTx, fn func(sinso.OrderRow) error) error { return x.Orders("", fn) }),
		all(t, m, sinso.MetaTx.Purchases),
		all(t, m, func(x sinso.MetaTx, fn func(sinso.Found) error) error {
			return x.Find(sinso.Query{Level: sinso.LevelInstance, Metadata: true, Conflicts: true}, fn)
		}),
		reviews(t, m, "", "", ""),
		all(t, m, func(x sinso.MetaTx, fn func(sinso.ShareRow) error) error { return x.Shares("", fn) }),
		all(t, m, sinso.MetaTx.Strata),
		all(t, m, func(x sinso.MetaTx, fn func(sinso.CredentialRow) error) error { return x.Credentials("", fn) }),
		all(t, m, func(x sinso.MetaTx, fn func(uint64) error) error { return x.EventsOf("p_1", "", fn) }),
		all(t, m, func(x sinso.MetaTx, fn func(uint64) error) error { return x.EventsOf("", "s_1", fn) }),
	}
	view(t, m, func(x sinso.MetaTx) error {
		public, err := x.Public(cid("public"))
		cursor, err2 := x.Cursor()
		row, err3 := x.Bearer("b")
		if errors.Is(err3, sinso.ErrNotFound) {
			err3 = nil
		}
		out = append(out, public, cursor, row)
		return errors.Join(err, err2, err3)
	})
	return out
}

// errStop is what a test's function returns to end a transaction or a list.
var errStop = errors.New("stop")

// finders asks for one of each thing by something that is not there.
func finders(x sinso.MetaTx) map[string]error {
	errs := map[string]error{}
	_, errs["Person"] = x.Person("p_none")
	_, errs["PersonByMatch"] = x.PersonByMatch("none")
	_, errs["PersonByMatch of nothing"] = x.PersonByMatch("")
	_, errs["Instance"] = x.Instance("i_none")
	_, errs["InstanceByFingerprint"] = x.InstanceByFingerprint("p_1", "none")
	_, errs["Study"] = x.Study("s_none")
	_, errs["QuarantineBySHA256"] = x.QuarantineBySHA256("none")
	_, errs["Release"] = x.Release("r_none")
	_, errs["ReleaseByToken"] = x.ReleaseByToken(hash(99))
	_, errs["Order"] = x.Order(hash(99))
	_, errs["Purchase"] = x.Purchase(hash(99))
	_, errs["PurchaseByToken"] = x.PurchaseByToken(hash(99))
	_, errs["Bearer"] = x.Bearer("none")
	_, errs["Template"] = x.Template("t_none")
	_, errs["Share"] = x.Share("l_none")
	_, errs["Credential"] = x.Credential("k_none")
	_, errs["CredentialByKey"] = x.CredentialByKey("none")
	_, errs["Review"] = x.Review("v_none")
	return errs
}

// saves tries every Save.
func saves(x sinso.MetaTx) map[string]error {
	return map[string]error{
		"SetCursor":        x.SetCursor(99),
		"SavePerson":       x.SavePerson(person("p_9")),
		"SaveInstance":     file(x, "p_9", "s_9", "e_9", 1),
		"SaveStudy":        x.SaveStudy(study("s_9", "p_9")),
		"SaveMetadata":     x.SaveMetadata("i_e_1_0", []byte("{}")),
		"RemoveInstance":   x.RemoveInstance("i_e_1_2", 999),
		"SaveKeys":         x.SaveKeys("i_e_1_0", nil),
		"SaveQuarantine":   x.SaveQuarantine(quarantined("q9", 9)),
		"SaveRelease":      x.SaveRelease(release("r_9", "p_9", 9)),
		"SaveOrder":        x.SaveOrder(order(9, "p_9")),
		"SavePurchase":     x.SavePurchase(purchase(9, 9)),
		"SaveBearer":       x.SaveBearer(bearer("b9")),
		"SavePublic":       x.SavePublic(cid("public9")),
		"SaveReview":       x.SaveReview(review("v_9", "s_1")),
		"SaveStratum":      x.SaveStratum(stratum("d9", 20, 9)),
		"SaveTemplate":     x.SaveTemplate(sinso.TemplateRow{ID: "t_9"}),
		"SaveShare":        x.SaveShare(share("l_9", "p_9")),
		"SaveCredential":   x.SaveCredential(credential("k_9", "p_9")),
		"RemoveCredential": x.RemoveCredential("k_1"),
		"SaveEvent":        x.SaveEvent(9, "p_9", "s_9"),
		"SaveErasure":      x.SaveErasure(sinso.ErasureRow{Seq: 9}),
		"EraseStudy":       x.EraseStudy("s_1"),
		"ErasePerson":      x.ErasePerson("p_1"),
		"EraseQuarantine":  x.EraseQuarantine(cid("q1")),
		"EraseEvents":      x.EraseEvents(0, 9),
		"RemovePublic":     x.RemovePublic(cid("public1")),
	}
}

// lists walks every list, with fn for every row.
func lists(x sinso.MetaTx, fn func() error) map[string]error {
	return map[string]error{
		"Persons":            x.Persons(func(sinso.PersonRow) error { return fn() }),
		"InstancesByUID":     x.InstancesByUID(instance("i_e_1_0", "", "", "", 0).UID, func(sinso.InstanceRow) error { return fn() }),
		"Instances":          x.Instances("s_1", func(sinso.InstanceRow) error { return fn() }),
		"Studies":            x.Studies("", func(sinso.StudyRow) error { return fn() }),
		"Studies of one":     x.Studies("p_1", func(sinso.StudyRow) error { return fn() }),
		"Find":               x.Find(sinso.Query{Level: sinso.LevelStudy}, func(sinso.Found) error { return fn() }),
		"Metadata":           x.Metadata("e_1", func(sinso.InstanceRow, []byte) error { return fn() }),
		"Series":             x.Series("s_1", func(sinso.SeriesRow) error { return fn() }),
		"Quarantine":         x.Quarantine(func(sinso.QuarantineRow) error { return fn() }),
		"Releases":           x.Releases("", func(sinso.ReleaseRow) error { return fn() }),
		"Releases of one":    x.Releases("p_1", func(sinso.ReleaseRow) error { return fn() }),
		"Orders":             x.Orders("", func(sinso.OrderRow) error { return fn() }),
		"Orders of one":      x.Orders("p_1", func(sinso.OrderRow) error { return fn() }),
		"Purchases":          x.Purchases(func(sinso.PurchaseRow) error { return fn() }),
		"Reviews":            x.Reviews("", "", "", func(sinso.ReviewRow) error { return fn() }),
		"Reviews of one":     x.Reviews("p_1", "s_1", "", func(sinso.ReviewRow) error { return fn() }),
		"Templates":          x.Templates(func(sinso.TemplateRow) error { return fn() }),
		"Erasures":           x.Erasures(func(sinso.ErasureRow) error { return fn() }),
		"Shares":             x.Shares("", func(sinso.ShareRow) error { return fn() }),
		"Shares of one":      x.Shares("p_1", func(sinso.ShareRow) error { return fn() }),
		"Credentials":        x.Credentials("", func(sinso.CredentialRow) error { return fn() }),
		"Credentials of one": x.Credentials("p_1", func(sinso.CredentialRow) error { return fn() }),
		"Strata":             x.Strata(func(sinso.Stratum) error { return fn() }),
		"EventsOf a person":  x.EventsOf("p_1", "", func(uint64) error { return fn() }),
		"EventsOf a subject": x.EventsOf("", "s_1", func(uint64) error { return fn() }),
		"EventsOf both":      x.EventsOf("p_1", "s_1", func(uint64) error { return fn() }),
		"EventsOf all":       x.EventsOf("", "", func(uint64) error { return fn() }),
	}
}

// detached is a context that a test may cancel without ending its others.
func detached(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}
