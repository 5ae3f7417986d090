package way

import (
	"sinso.dev/sinso"
)

// underOf returns whose key an event is written under, besides the node's: what it says
// is gone when that key is destroyed. What is of a study is under that study's, what is
// of a release under the release's, so that what rests on an event never outlives it.
// What holds opaque names alone is under none.
func underOf(body any, person sinso.PersonID) sinso.KeyID { //nolint:cyclop // one line a body
	switch b := body.(type) {
	case sinso.PersonCreated, sinso.IdentityRegistered, sinso.SignInAdded, sinso.SignInChanged:
		return ofPerson(person)
	case sinso.PatientAnswered:
		if of := first(b.Person, b.For); of != "" {
			return ofPerson(of)
		}
		return sinso.RecordKey(b.Patient)
	case sinso.InstanceSealed:
		return ofStudy(b.Study.ID)
	case sinso.StudyImported:
		return ofStudy(b.Study)
	case sinso.Moved:
		return ofStudy(b.Study)
	case sinso.SharePlanned:
		return ofStudy(b.Study)
	case sinso.Rejected:
		if len(b.Studies) == 1 { // else one of them must not take the others with it
			return ofStudy(b.Studies[0])
		}
	case sinso.Restored:
		if len(b.Instances) > 0 { // all of one study
			return ofStudy(b.Instances[0].Study.ID)
		}
	case sinso.Quarantined:
		return ofRefused(b.CID)
	case sinso.Retried:
		return ofRefused(b.CID)
	case sinso.ReleasePlanned:
		return ofRelease(b.Release)
	case sinso.ReleasePriced:
		return ofRelease(b.Release)
	case sinso.AuthorAccepted:
		return ofRelease(b.Release)
	case sinso.AuthorDeclined:
		return ofRelease(b.Release)
	case sinso.ReleaseCalledOff:
		return ofRelease(b.Release)
	case sinso.Recalled:
		return ofRelease(b.Release)
	case sinso.Released:
		return ofRelease(b.Release)
	case sinso.ReleaseRefused:
		return ofRelease(b.Release)
	case sinso.AssetRegistered:
		return ofRelease(b.Release)
	case sinso.Ordered:
		return ofRelease(b.Release)
	}
	return ""
}

func ofStudy(id sinso.StudyID) sinso.KeyID     { return sinso.RecordKey(string(id)) }
func ofRelease(id sinso.ReleaseID) sinso.KeyID { return sinso.RecordKey(string(id)) }
func ofRefused(cid sinso.CID) sinso.KeyID      { return sinso.RecordKey(string(cid)) }

func ofPerson(id sinso.PersonID) sinso.KeyID {
	if id == "" {
		return ""
	}
	return sinso.PersonKey(id)
}
