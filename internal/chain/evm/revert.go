package evm

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

// RevertError is a contract's refusal. It wraps [sinso.ErrInvalid] if the call
// was wrong in itself and [sinso.ErrDenied] if it is not allowed, to this
// caller or now.
type RevertError struct {
	// Name is that of the Solidity error, or empty if it is none of ours.
	Name string
	// Args are the error's arguments, decoded as go-ethereum's abi package does.
	Args []any

	doing, sentence string
	class           error
}

func (e *RevertError) Error() string {
	name := e.Name
	if name == "" {
		name = "no reason that is known"
	}
	return fmt.Sprintf("chain: %s: the contract refused (%s): %s: %v", e.doing, name, e.sentence, e.class)
}

// Unwrap returns the class.
func (e *RevertError) Unwrap() error { return e.class }

// Is says that a signature is wanted, or another: [sinso.ErrUnsigned].
func (e *RevertError) Is(target error) bool {
	return target == sinso.ErrUnsigned && e.Name == "BadSignature"
}

// refusals says what errors mean whose contract does not say it well enough to a
// person, or which are no contract's of ours (OpenZeppelin's), and which of them
// say that the call was wrong in itself; by signature where contracts of ours say different things
// by one name. Any other error is ErrDenied, and means what
// its @notice says.
var refusals = map[string]struct {
	class    error
	sentence string
}{
	"AlreadyEntered": {sinso.ErrDenied, "the token exists already"},
	"AlreadyRevoked": {sinso.ErrDenied, "the grant was revoked before"},
	"BadPoint":       {sinso.ErrInvalid, "a key is not a point of bn254 G1"},
	"BadPrice":       {sinso.ErrInvalid, "the price is 2^128 or more, rises, or falls over no time"},
	"Closed":         {sinso.ErrDenied, "the order was ended, or filled as often as it can be"},
	"NotTaker":       {sinso.ErrDenied, "the order is for another buyer"},
	"BadSignature":   {sinso.ErrDenied, "this was not signed by who has to sign it"},
	"BadSplit":       {sinso.ErrInvalid, "the split must have 1 to 64 payees, none twice, and 10,000 bps in all"},
	"BadWindow":      {sinso.ErrInvalid, "the times to deliver and to dispute must be from 60 seconds to 90 days"},
	"Ended":          {sinso.ErrDenied, "the order ended"},
	"KeyIsRight":     {sinso.ErrDenied, "the delivered key is the one that was committed to"},
	"NoSuchToken":    {sinso.ErrInvalid, "the token does not exist"},
	"NotBuyer":       {sinso.ErrDenied, "only the buyer may do this now"},
	"NotOwner":       {sinso.ErrDenied, "the seller does not own the token"},
	"NothingOwed":    {sinso.ErrDenied, "the payee is owed nothing"},
	"PaymentRefused": {sinso.ErrDenied, "the payee did not take the money; it is still owed"},
	"SignatureCount": {sinso.ErrInvalid, "each payee of the split must have signed"},
	"Paused":         {sinso.ErrDenied, "nothing new is taken in while the guardian's pause lasts; what you have you can still revoke, claim and withdraw"},
	"TooEarly":       {sinso.ErrDenied, "the other side still has time"},
	"TooLate":        {sinso.ErrDenied, "the time to do this is over"},
	"WrongAsset":     {sinso.ErrInvalid, "the asset is not the one that was sold"},
	"WrongOpening":   {sinso.ErrInvalid, "the delivery is not the one that was made, or the secret is not that of the buyer's key"},
	"WrongPayload":   {sinso.ErrInvalid, "the payload is not the one in the order"},
	"WrongPrice":     {sinso.ErrInvalid, "the price is not what is paid, or is 2^96 wei or more"},
	"WrongSecret":    {sinso.ErrInvalid, "the secret is zero or not below the group order"},
	"WrongState":     {sinso.ErrDenied, "the order is not in a state in which this can be done"},
	"ZeroAddress":    {sinso.ErrInvalid, "the zero address owns and receives nothing"},
	// Of more contracts than one.
	"BadTerms()":                {sinso.ErrDenied, "the terms are out of this contract's bounds"},
	"NotMember(address)":        {sinso.ErrDenied, "the account is no member here"},
	"NotListed(address)":        {sinso.ErrDenied, "the account is not on the list that counts here"},
	"Nothing()":                 {sinso.ErrDenied, "there is nothing to move, or an amount is zero"},
	"TooLow(uint256)":           {sinso.ErrDenied, "the amount is less than the least that is taken now"},
	"TooEarly(uint256)":         {sinso.ErrDenied, "it is too early to do this"},
	"TooLate(uint256)":          {sinso.ErrDenied, "the time to do this is over"},
	"WrongState(uint256,uint8)": {sinso.ErrDenied, "it is not in a state in which this can be done"},
	// OpenZeppelin's, of what is built on it.
	"AccessControlBadConfirmation":        {sinso.ErrInvalid, "only an account itself gives up its role"},
	"AccessControlUnauthorizedAccount":    {sinso.ErrDenied, "this account has no role that may do this"},
	"CheckpointUnorderedInsertion":        {sinso.ErrDenied, "the chain's clock went back"},
	"CloneArgumentsTooLong":               {sinso.ErrInvalid, "the terms are too long for a contract of their own"},
	"Create2EmptyBytecode":                {sinso.ErrInvalid, "there is no code to deploy"},
	"ECDSAInvalidSignature":               {sinso.ErrInvalid, "the signature is not one of an account"},
	"ECDSAInvalidSignatureLength":         {sinso.ErrInvalid, "the signature does not have 65 bytes"},
	"ECDSAInvalidSignatureS":              {sinso.ErrInvalid, "the signature is not in its one valid form"},
	"ERC20ExceededSafeSupply":             {sinso.ErrDenied, "there would be more votes than can be counted"},
	"ERC20InsufficientAllowance":          {sinso.ErrDenied, "the owner has not approved so many tokens"},
	"ERC20InsufficientBalance":            {sinso.ErrDenied, "the account does not have so many tokens"},
	"ERC20InvalidApprover":                {sinso.ErrInvalid, "the zero address approves nothing"},
	"ERC20InvalidReceiver":                {sinso.ErrInvalid, "this address can receive no tokens"},
	"ERC20InvalidSender":                  {sinso.ErrInvalid, "the zero address sends nothing"},
	"ERC20InvalidSpender":                 {sinso.ErrInvalid, "the zero address can be approved for nothing"},
	"ERC5805FutureLookup":                 {sinso.ErrDenied, "the votes of that moment are not known yet"},
	"ERC721InvalidReceiver":               {sinso.ErrDenied, "the receiver is a contract that does not take tokens"},
	"FailedCall":                          {sinso.ErrDenied, "a contract that was called failed without a reason"},
	"FailedDeployment":                    {sinso.ErrDenied, "the contract could not be made; perhaps it stands already"},
	"GovernorAlreadyCastVote":             {sinso.ErrDenied, "this account has voted"},
	"GovernorAlreadyQueuedProposal":       {sinso.ErrDenied, "the proposal is queued already"},
	"GovernorDisabledDeposit":             {sinso.ErrDenied, "the governor takes no money; send it to the treasury"},
	"GovernorInsufficientProposerVotes":   {sinso.ErrDenied, "the proposer does not have the votes that a proposal needs"},
	"GovernorInvalidProposalLength":       {sinso.ErrInvalid, "a proposal needs as many targets as amounts and calls, and at least one"},
	"GovernorInvalidQuorumFraction":       {sinso.ErrInvalid, "the quorum cannot be more than all votes"},
	"GovernorInvalidSignature":            {sinso.ErrDenied, "the vote was not signed by the voter"},
	"GovernorInvalidVoteParams":           {sinso.ErrInvalid, "the vote has parameters that are not known"},
	"GovernorInvalidVoteType":             {sinso.ErrInvalid, "a vote is against, for or abstain"},
	"GovernorInvalidVotingPeriod":         {sinso.ErrInvalid, "the voting period cannot be zero"},
	"GovernorNonexistentProposal":         {sinso.ErrInvalid, "there is no such proposal"},
	"GovernorOnlyExecutor":                {sinso.ErrDenied, "only a vote can do this"},
	"GovernorProposalQueueingFailed":      {sinso.ErrDenied, "the proposal could not be queued"},
	"GovernorProposalQueueingNotRequired": {sinso.ErrDenied, "the proposal need not be queued"},
	"GovernorRestrictedProposer":          {sinso.ErrDenied, "the proposal names another proposer"},
	"GovernorUnableToCancel":              {sinso.ErrDenied, "only the proposer may cancel, and only before the vote begins"},
	"GovernorUnexpectedProposalState":     {sinso.ErrDenied, "the proposal is not in a state in which this can be done"},
	"InsufficientBalance":                 {sinso.ErrDenied, "the contract does not have so much money"},
	"InvalidAccountNonce":                 {sinso.ErrDenied, "the signature was used, or is for a later turn"},
	"InvalidShortString":                  {sinso.ErrInvalid, "a short text is not one"},
	"ReentrancyGuardReentrantCall":        {sinso.ErrDenied, "a contract called back while it was being paid"},
	"SafeCastOverflowedUintDowncast":      {sinso.ErrInvalid, "a number is too large"},
	"SafeERC20FailedOperation":            {sinso.ErrDenied, "the currency did not move; look at its balance and approval"},
	"StringTooLong":                       {sinso.ErrInvalid, "a text is too long"},
	"TimelockInsufficientDelay":           {sinso.ErrDenied, "the delay is shorter than the treasury's"},
	"TimelockInvalidOperationLength":      {sinso.ErrInvalid, "an operation needs as many targets as amounts and calls"},
	"TimelockUnauthorizedCaller":          {sinso.ErrDenied, "only the treasury itself can do this, by a vote"},
	"TimelockUnexecutedPredecessor":       {sinso.ErrDenied, "what has to be done before was not done"},
	"TimelockUnexpectedOperationState":    {sinso.ErrDenied, "the operation is not waiting, or its delay is not over"},
	"VotesExpiredSignature":               {sinso.ErrDenied, "the signature is too old"},
}

const noReason = "it gave no reason that this node knows"

func refusal(doing, name string, args ...any) *RevertError {
	known, ok := refusals[name]
	if !ok {
		known.class, known.sentence = sinso.ErrDenied, noReason
	}
	return &RevertError{Name: name, Args: args, doing: doing, sentence: known.sentence, class: known.class}
}

// abis are the interfaces of the two contracts that have bindings.
type abis struct{ identity, assets abi.ABI }

// reverted returns the refusal in an error of eth_call or eth_estimateGas, or
// nil if it is some other failure.
func (b *book) reverted(doing string, err error) *RevertError {
	var answer rpc.DataError
	if !errors.As(err, &answer) {
		return nil
	}
	text, isText := answer.ErrorData().(string)
	data, notHex := hexutil.Decode(text)
	if isText && notHex == nil && len(data) > 0 {
		return b.decode(doing, data)
	}
	if strings.Contains(err.Error(), "revert") {
		return refusal(doing, "")
	}
	return nil
}

func (b *book) decode(doing string, data []byte) *RevertError {
	const most = 4 + 16*32 // no error of a contract of ours is longer
	if len(data) < 4 || len(data) > most {
		return refusal(doing, "")
	}
	known, ok := b.meaning([4]byte(data[:4]))
	if !ok {
		return refusal(doing, "")
	}
	args, err := known.Inputs.Unpack(data[4:])
	if err != nil {
		return refusal(doing, "")
	}
	revert := refusal(doing, known.Name, args...)
	if _, ok := refusals[known.Name]; !ok && known.sentence != "" {
		revert.sentence = spoken(known.sentence)
	}
	if bySignature, ok := refusals[known.Sig]; ok {
		revert.sentence = bySignature.sentence
	}
	revert.sentence += describe(known.Inputs, args)
	return revert
}

// spoken makes a NatSpec notice part of a sentence: without its marks and its full stop.
func spoken(notice string) string {
	notice = strings.NewReplacer("`", "", "{", "", "}", "").Replace(strings.TrimSuffix(notice, "."))
	first, rest, _ := strings.Cut(notice, " ")
	if strings.ToUpper(first) != first || first == "A" {
		notice = strings.ToLower(first) + " " + rest
	}
	return strings.TrimSpace(notice)
}

// describe adds what a sentence leaves open: times and states. Addresses and
// tokens are left out: they would tell a log who trades what.
func describe(inputs abi.Arguments, args []any) string {
	var b strings.Builder
	for i, input := range inputs {
		when := strings.HasSuffix(input.Name, "At") || strings.HasSuffix(input.Name, "Until") || input.Name == "until"
		switch v := args[i].(type) {
		case uint64:
			fmt.Fprintf(&b, "; %s %s", input.Name, moment(v).Format(time.RFC3339))
		case *big.Int:
			if when && v.IsUint64() {
				fmt.Fprintf(&b, "; %s %s", input.Name, moment(v.Uint64()).Format(time.RFC3339))
			}
		case uint8:
			states := []string{"never filled", "filled", "delivered", "released", "refunded", "cancelled"}
			if input.Name == "state" && inputs[0].Type.T == abi.FixedBytesTy && int(v) < len(states) {
				fmt.Fprintf(&b, "; it is %s", states[v])
			}
		}
	}
	return b.String()
}
