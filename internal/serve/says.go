package serve

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/grant"
	"sinso.dev/sinso/internal/way"
)

// sentence says in plain English what an event of the log is, without a value
// that identifies anyone. count events of one kind are told as one.
func (s *Server) sentence(e sinso.Event, count int) string {
	if e.Erased {
		return "What this entry said was erased: nobody can read it again."
	}
	if say, known := sentences[e.Type]; known {
		if text := say(s, e.Body, count); text != "" {
			return text
		}
	}
	return "Something happened that this version has no words for."
}

// sentence of one type: from its body and how many there are.
type sentence func(s *Server, body []byte, count int) string

// of makes a sentence of a function on the event's body.
func of[Body any](say func(*Server, Body, int) string) sentence {
	return func(s *Server, raw []byte, count int) string {
		var body Body
		if json.Unmarshal(raw, &body) != nil {
			return ""
		}
		return say(s, body, count)
	}
}

// always is a sentence that needs no body.
func always(text string) sentence { return func(*Server, []byte, int) string { return text } }

// ofSeries says of how many chosen series a copy is.
func ofSeries(n int) string {
	if n == 0 {
		return ""
	}
	return plural(n, " of one series", " of %d series")
}

var sentences = map[sinso.EventType]sentence{
	sinso.EventPersonCreated: always("A person was filed, and a key made that is theirs alone."),
	sinso.EventInstanceSealed: func(_ *Server, _ []byte, count int) string {
		return plural(count, "One record was read, encrypted and stored.", "%d records were read, encrypted and stored.")
	},
	sinso.EventQuarantined: of(func(s *Server, b sinso.Quarantined, _ int) string {
		return "A file was refused and is kept locked away: " + first(s.cfg.Explain(b.Reason), b.Detail) + "."
	}),
	sinso.EventPatientAnswered: of(func(s *Server, b sinso.PatientAnswered, _ int) string {
		if b.Person == "" {
			return "Somebody was asked whose files of a patient are, and did not take them: " + first(s.cfg.Explain(b.Aside), "they are set aside") + "."
		}
		return "Somebody was asked whose files of a patient are, and said under whom they are filed."
	}),
	sinso.EventRetried: always("A file that had been refused was tried again, and was taken in."),
	sinso.EventImported: of(func(_ *Server, b sinso.StudyImported, _ int) string {
		return fmt.Sprintf("The study is complete here with %s, sealed under one name, graded %s.", records(b.Instances), b.Tier)
	}),
	sinso.EventReleasePlanned: of(func(_ *Server, b sinso.ReleasePlanned, _ int) string {
		return fmt.Sprintf("A de-identified copy%s was ordered, to be sold for %s wei; its secret was made first.", ofSeries(len(b.Series)), b.Price)
	}),
	sinso.EventReleasePriced: of(func(_ *Server, b sinso.ReleasePriced, _ int) string {
		if b.Unoffered {
			return "The de-identified copy that was made ahead is to go on the chain, and is not offered."
		}
		return fmt.Sprintf("The de-identified copy that was made ahead is to be sold for %s wei.", b.Price)
	}),
	sinso.EventAuthorAccepted: of(func(_ *Server, b sinso.AuthorAccepted, _ int) string {
		if b.InTheirName {
			return "Who keeps this node agreed to the copy in the co-creator's name."
		}
		return "The co-creator saw what the copy is of and what their share is, and agreed."
	}),
	sinso.EventAuthorDeclined: of(func(s *Server, b sinso.AuthorDeclined, _ int) string {
		return "The copy was not made: " + first(s.cfg.Explain(b.Reason), string(b.Reason)) + "."
	}),
	sinso.EventReleased: of(sayReleased),
	sinso.EventReleaseRefused: of(func(s *Server, b sinso.ReleaseRefused, _ int) string {
		if b.Reason == way.ReasonNoWork { // of the study something may be sold
			return "The copy was not made: " + first(s.cfg.Explain(b.Reason), string(b.Reason)) + "."
		}
		if b.Withheld[way.ReasonNotChosen] > 0 {
			return "Nothing of what was chosen may be sold: " + first(s.cfg.Explain(b.Reason), string(b.Reason)) + "."
		}
		return "Nothing of this study may be sold: " + first(s.cfg.Explain(b.Reason), string(b.Reason)) + "."
	}),
	sinso.EventReleaseCalledOff:   always("The copy was called off before it was entered on the chain: nothing of it was offered."),
	sinso.EventIdentityRegistered: always("The person's identity token was entered on the chain; it says nothing about who they are."),
	sinso.EventAssetRegistered:    always("The copy was entered on the chain as a token of its own, with who is paid what share."),
	sinso.EventOrdered:            always("The copy was offered: the offer is signed, and anyone may fetch its encrypted blocks, which nobody can read without the key."),
	sinso.EventKeyGranted:         always("The buyer had paid into escrow, and was given the key of this one copy."),
	sinso.EventSettled:            of(saySettled),
	sinso.EventRevoked: of(func(_ *Server, b sinso.Revoked, _ int) string {
		if b.Over {
			return "The days of use of the licence were over, and the grant was ended: the key is not given out again. A copy that the buyer has not destroyed cannot be called back."
		}
		return "The grant was ended: the key is not given out again. A key or copy that was handed out before cannot be called back."
	}),
	sinso.EventKeyRefused: of(func(_ *Server, b sinso.KeyRefused, _ int) string {
		why := strings.TrimPrefix((&grant.RefusedError{Reason: b.Reason}).Error(), "grant: ")
		return "A request for the key was turned down: " + first(why, string(b.Reason)) + "."
	}),
	sinso.EventPurchased: of(func(_ *Server, b sinso.Purchased, _ int) string {
		return "A purchase of this node came to the step “" + b.Purchase.Step + "”."
	}),
	sinso.EventOpened: of(sayOpened),
	sinso.EventTokenCreated: of(func(_ *Server, b sinso.TokenCreated, _ int) string {
		return fmt.Sprintf("An access token was made for the role %s.", b.Row.Role)
	}),
	sinso.EventSignedIn:      of(saySignedIn),
	sinso.EventSessionsEnded: always("Pages that were signed in were signed out from elsewhere."),
	sinso.EventSignInAdded: of(func(_ *Server, b sinso.SignInAdded, _ int) string {
		return "Signing in by " + first(signInWords[b.Credential.Kind], "a new way") + " was set up."
	}),
	sinso.EventSignInChanged: always("A way to sign in was given another name, or a key to keep that this node cannot open."),
	sinso.EventSignInRemoved: always("A way to sign in was removed: it opens nothing here any more."),
	sinso.EventSignInSuspect: always("A passkey was refused: its counter did not grow, so there may be a copy of it. Remove it if it was not you."),
	sinso.EventRejected: of(func(s *Server, b sinso.Rejected, _ int) string {
		return plural(len(b.Instances), "One record is shown no more: ", "%d records are shown no more: ") + first(s.cfg.Explain(b.Reason), "a rejection note, or an operator, said that it is wrong") + ". The sealed bytes stay."
	}),
	sinso.EventRestored: of(func(_ *Server, b sinso.Restored, _ int) string {
		return "What was rejected is shown again: " + records(len(b.Instances)) + "."
	}),
	sinso.EventMerged: always("Two persons were found to be one, and are one here now."),
	sinso.EventMoved:  always("The study was filed under the wrong person: it is another's now, and only their key opens it here."),
	sinso.EventRecalled: of(func(s *Server, b sinso.Recalled, _ int) string {
		return "The copy was taken back: " + first(s.cfg.Explain(b.Reason), "an original of it is wrong") + "."
	}),
	sinso.EventReviewDecided: of(func(_ *Server, b sinso.ReviewDecided, _ int) string {
		return first(reviewSentences[b.Decision], "Somebody looked at a record for the review") + "."
	}),
	sinso.EventTemplateAdded:   always("Somebody drew where a kind of device writes into its pictures: copies made from now on are blanked there."),
	sinso.EventTemplateRemoved: always("A drawing of where a kind of device writes was taken away: copies made from now on are not blanked there by it."),
	sinso.EventSharePlanned: of(func(_ *Server, b sinso.SharePlanned, _ int) string {
		return "The person consented to show the study by a link until " + b.Ends.UTC().Format("2006-01-02 15:04 UTC") + "; nothing can be opened yet."
	}),
	sinso.EventShareMade: always("What a link shows is here, sealed: whoever has the link can open it. The key is in the link, and not on this node."),
	sinso.EventShareOpened: func(_ *Server, _ []byte, count int) string {
		return plural(count, "Somebody who has the link opened what it shows.", "What a link shows was opened %d times.")
	},
	sinso.EventShareEnded: of(func(_ *Server, b sinso.ShareEnded, _ int) string {
		return first(shareEnds[b.Why], "The link ended") + ": it opens nothing any more, and what was sealed for it is destroyed."
	}),
	sinso.EventAEAdded:     always("A DICOM device may send to this node, or is elsewhere now."),
	sinso.EventAERemoved:   always("A DICOM device may send to this node no more."),
	sinso.EventReplicaKept: always("Another node keeps encrypted copies of what is stored here: it has no key, and learns sizes and times."),
	sinso.EventReplicaDropped: of(func(_ *Server, b sinso.ReplicaDropped, _ int) string {
		const says = "No more encrypted copies are brought to another node; what it has stays there."
		if b.Deletions == 0 {
			return says
		}
		return fmt.Sprintf("%s It has not confirmed that it deleted %d blocks that were deleted here.", says, b.Deletions)
	}),
	sinso.EventRootKeyShared: of(func(_ *Server, b sinso.RootKeyShared, _ int) string {
		return fmt.Sprintf("Shares of the node's root key were sealed to %d guardians, of whom %d together can give it back.", len(b.Guardians), b.Threshold)
	}),
	sinso.EventActBegun: of(func(_ *Server, b sinso.ActBegun, _ int) string {
		switch {
		case len(b.Signed) > 0:
			return fmt.Sprintf("By the contracts: %s; a %s was signed, for somebody else to show or to carry.", b.Act, b.Signed[0].Type)
		case b.Funds.Int().Sign() > 0:
			return fmt.Sprintf("By the contracts: %s; the account that does it was given money for gas.", b.Act)
		}
		return fmt.Sprintf("By the contracts: %s was begun.", b.Act)
	}),
	sinso.EventActed: of(func(_ *Server, b sinso.Acted, _ int) string {
		return fmt.Sprintf("By the contracts: %s, in %d transactions.", b.Act, len(b.Txs))
	}),
	sinso.EventErased: of(func(_ *Server, b sinso.Erased, _ int) string {
		what := "An object in quarantine"
		switch {
		case b.Person != "":
			what = "A person, with all that was theirs,"
		case b.Study != "":
			what = "A study"
		}
		return what + " is erased: its keys are destroyed, and nobody can read it again."
	}),
	sinso.EventErasureAsked: of(func(_ *Server, b sinso.ErasureAsked, _ int) string {
		if b.Begun {
			return "It was asked to be erased: it is shown no more, and all that it is used for ends first."
		}
		return "It was asked to be erased. The institution has to keep it for now; it is shown no more, and erased when nothing keeps it."
	}),
	sinso.EventErasureRefused: always("It could not be erased then, and who asked was told why. It is shown no more, and nothing is erased until they ask again."),
	sinso.EventHeld: of(func(_ *Server, b sinso.Held, _ int) string {
		return "A legal hold was put on it: nothing of it is erased until that ends. The reason given is: " + string(b.Reason) + "."
	}),
	sinso.EventHoldEnded:   always("A legal hold ended."),
	sinso.EventErasureDone: always("The erasure is complete, and a receipt is signed."),
}

var shareEnds = map[sinso.ShareEnd]string{
	sinso.EndWithdrawn:  "The person ended the link",
	sinso.EndExpired:    "The time of the link was over",
	sinso.EndUsed:       "The link was opened as often as was allowed",
	sinso.EndUnfinished: "What a link was to show never came",
	sinso.EndCorrected:  "The study was corrected, and a link to it ended",
}

var reviewSentences = map[sinso.Decision]string{
	sinso.DecisionApprove: "Somebody looked at a record that was held back in doubt, and found nothing in it that identifies.",
	sinso.DecisionRedact:  "Somebody looked at a record that was held back in doubt, and drew what is to be blanked in it.",
	sinso.DecisionRefuse:  "Somebody looked at a record that was held back in doubt: it stays held back.",
	sinso.DecisionLeak:    "Somebody looked at a record of a copy for quality, and found that it may still identify: the next copy is made without that.",
	sinso.DecisionNoLeak:  "Somebody looked at a record of a copy for quality, and found nothing in it that identifies.",
}

func sayReleased(_ *Server, b sinso.Released, _ int) string {
	text := fmt.Sprintf("A de-identified copy of %s was made, signed as evidence, sealed and stored.", plural(b.Instances, "one file", "%d files"))
	left := b.Withheld[way.ReasonNotChosen]
	held := -left
	for _, n := range b.Withheld {
		held += n
	}
	if b.Reviewed > 0 {
		text += plural(b.Reviewed, " One record is in it because persons looked at it.", " %d records are in it because persons looked at them.")
	}
	if held > 0 {
		text += plural(held, " One record was held back.", " %d records were held back.")
	}
	if left > 0 {
		text += plural(left, " One record was not chosen and stays.", " %d records were not chosen and stay.")
	}
	return text
}

func saySettled(_ *Server, b sinso.Settled, _ int) string {
	switch b.State {
	case sinso.TradeReleased:
		return "The sale is closed: " + plural(len(b.Payouts), "one payee was paid", "%d payees were paid") + " from escrow."
	case sinso.TradeRefunded:
		return "The sale was undone: the money went back to the buyer."
	case sinso.TradeCancelled:
		return "The offer was taken back: nobody can buy of it any more."
	case sinso.TradeHalved:
		return "The panel did not decide: half of the price went back to the buyer, half to the payees."
	case sinso.TradeNone, sinso.TradeFilled, sinso.TradeDelivered, sinso.TradeDisputed:
	}
	return "The sale went on."
}

// sayOpened names a purpose only if it is one of ours: others are free text.
func sayOpened(_ *Server, b sinso.Opened, count int) string {
	text := plural(count, "One record was opened", "Records were opened %d times")
	switch b.Purpose {
	case forPicture:
		return text + " to draw a thumbnail."
	case forFile:
		return text + " to hand out the file."
	case way.ForFaces:
		return plural(count, "A series was opened", "Series were opened %d times") + " to draw it with its face, and without."
	case way.ForPreview:
		return text + " to show what a copy would have of it."
	case way.ForBought:
		return plural(count, "What was bought was opened to be shown.", "What was bought was opened %d times to be shown.")
	case way.ForExport:
		return plural(count, "What was bought was handed out as files.", "What was bought was handed out as files %d times.")
	case way.ForReview:
		return text + " to review what a copy would show of it."
	}
	switch {
	case strings.HasPrefix(b.Purpose, "dimse-"):
		return plural(count, "Records were handed out to a DICOM device or archive.", "Records were handed out to DICOM devices or archives %d times.")
	case slices.Contains([]string{"retrieve", "metadata", "frames", "bulk data", "picture"}, b.Purpose): // of DICOMweb
		return plural(count, "Records were opened in a viewer.", "Records were opened in a viewer %d times.")
	}
	return text + "."
}

func saySignedIn(_ *Server, b sinso.SignedIn, _ int) string {
	return "A page was signed in by " + first(signInWords[b.How], "something that it was given") + "."
}

var signInWords = map[sinso.SignInMethod]string{
	sinso.SignInToken: "an access token", sinso.SignInPasskey: "a passkey", sinso.SignInPhrase: "a recovery phrase", sinso.SignInWallet: "a wallet",
}

func records(n int) string { return plural(n, "one record", "%d records") }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return strings.TrimSuffix(text, ".")
		}
	}
	return "no reason is given"
}
