// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Domain} from "./Domain.sol";
import {Share} from "./IAssets.sol";
import {IExchange, Offer, Purchase} from "./IExchange.sol";
import {Case, IPanel, Seat} from "./IPanel.sol";
import {Ledger} from "./Ledger.sol";
import {Money} from "./Money.sol";
import {Signatures} from "./Signatures.sol";

/// @title Panel
/// @notice A fixed set of bonded people who decide trades of the Exchange whose offers name this contract.
/// @dev Invariants:
/// - bonds, the fees of cases that are not closed, and what is owed add up to no more than what is here;
/// - a verdict has the votes of a majority, each of a member who is no party, each given once;
/// - a member loses at most a penalty a case, only if it did not vote in it, and never more than its bond;
/// - a member that left is in no new case, and has its bond once its cases are closed, which takes nobody's consent;
/// - the fee of a case goes to those who voted in it and to its buyer, to the wei;
/// - a penalty goes to who voted with the verdict, never to a party, and without a verdict to nobody: no case pays who opens
///   it, and no silence waits for whoever votes next.
/// This contract holds no price: that stays in the Exchange, which ends a dispute without it if it must. There is no owner,
/// no upgrade and no pause: nothing here may be later than the Exchange's time.
contract Panel is IPanel, Ledger, Domain {
    /// @notice Most members: a case is closed in one call.
    uint256 public constant MAX_MEMBERS = 15;
    /// @notice Time that a member still serves after it gave notice, in seconds.
    uint256 public constant UNBONDING = 30 days;
    /// @notice Time that is kept to carry a verdict, in seconds. Votes end so long before the Exchange's time.
    uint256 public constant CARRY = 2 days;
    /// @notice Part of a whole bond that a silent member loses in a case, in basis points.
    uint256 public constant PENALTY_BPS = 2_000;

    bytes32 private constant SERVE_TYPEHASH = keccak256("Serve(uint256 term)");
    bytes32 private constant RESIGN_TYPEHASH = keccak256("Resign(uint256 term)");
    bytes32 private constant VOTE_TYPEHASH = keccak256("Vote(bytes32 tradeId,bool forBuyer)");

    IExchange private immutable EXCHANGE;
    uint256 private immutable THRESHOLD;
    address private immutable CURRENCY;
    uint256 private immutable FEE;
    uint256 private immutable BOND;
    uint256 private immutable PENALTY;

    address[] private _members;
    mapping(address member => Seat) private _seats;
    mapping(bytes32 tradeId => Case) private _cases;

    /// @notice There is nothing else to set, now or later. A member serves once it consents and its bond is here.
    /// @param exchange_ The Exchange whose trades are decided.
    /// @param members_ At most {MAX_MEMBERS}.
    /// @param threshold_ Votes that a verdict takes: more than half of all members.
    /// @param fee_ What a dispute costs. Below 2^128.
    /// @param currency_ What fee and bonds are in: zero is the chain's own money, else an ERC-20 token.
    /// @param bond_ What stands for each member: at least 5, below 2^128.
    constructor(
        address exchange_,
        address[] memory members_,
        uint256 threshold_,
        uint256 fee_,
        address currency_,
        uint256 bond_
    ) {
        uint256 n = members_.length;
        if (
            n > MAX_MEMBERS || threshold_ > n || 2 * threshold_ <= n || fee_ > type(uint128).max
                || bond_ > type(uint128).max || bond_ * PENALTY_BPS < 10_000
        ) revert BadPanel();
        for (uint256 i = 0; i < n; ++i) {
            address member = members_[i];
            if (member == address(0) || _seats[member].number != 0) revert BadPanel();
            _seats[member].number = uint8(i + 1);
            _members.push(member);
        }
        EXCHANGE = IExchange(exchange_);
        THRESHOLD = threshold_;
        CURRENCY = currency_;
        FEE = fee_;
        BOND = bond_;
        PENALTY = bond_ * PENALTY_BPS / 10_000;
    }

    /// @inheritdoc IPanel
    function bond(address member, bytes calldata signature) external payable {
        Seat storage kept = _seatOf(member);
        if (kept.freeAt != 0) revert AlreadyLeaving(member);
        uint256 missing = BOND - kept.bond;
        if (missing == 0) revert AlreadyBonded(member);
        _checkMember(member, keccak256(abi.encode(SERVE_TYPEHASH, kept.term)), signature);
        kept.bond = uint128(BOND);
        ++kept.term; // the signature was for this bond
        emit Bonded(member, missing);
        Money.take(CURRENCY, missing);
    }

    /// @inheritdoc IPanel
    function resign(address member, bytes calldata signature) external {
        Seat storage kept = _seatOf(member);
        if (kept.freeAt != 0) revert AlreadyLeaving(member);
        _checkMember(member, keccak256(abi.encode(RESIGN_TYPEHASH, kept.term)), signature);
        uint256 freeAt = block.timestamp + UNBONDING;
        kept.freeAt = uint40(freeAt);
        emit Leaving(member, freeAt);
    }

    /// @inheritdoc IPanel
    function free(address member) external {
        Seat storage kept = _seatOf(member);
        uint256 freeAt = kept.freeAt;
        if (freeAt == 0) revert NotLeaving(member);
        if (block.timestamp <= freeAt) revert TooEarly(freeAt);
        if (kept.open != 0) revert InACase(member);
        uint256 amount = kept.bond;
        kept.bond = 0;
        kept.freeAt = 0;
        ++kept.term;
        _owe(CURRENCY, member, amount);
        emit Left(member, amount);
    }

    /// @inheritdoc IPanel
    function open(bytes32 tradeId, address seller, address buyer, address payer, uint64 until) external payable {
        if (msg.sender != address(EXCHANGE)) revert NotExchange(msg.sender);
        uint256 able = 0;
        uint16 set = 0;
        for (uint256 i = 0; i < _members.length; ++i) {
            address member = _members[i];
            Seat storage kept = _seats[member];
            if (member == seller || member == buyer || !_serves(kept)) continue;
            ++kept.open;
            ++able;
            set |= uint16(1 << i);
        }
        if (able < THRESHOLD) revert TooFew(able, THRESHOLD);
        uint40 voteUntil = uint40(until - CARRY);
        _cases[tradeId] = Case(seller, voteUntil, set, 0, 0, false, buyer);
        emit Opened(tradeId, seller, buyer, set, voteUntil);
        if (CURRENCY == address(0)) {
            Money.take(CURRENCY, FEE);
            return;
        }
        if (msg.value != 0) revert Money.WrongValue(msg.value, 0);
        Money.takeFrom(CURRENCY, payer, FEE);
    }

    /// @inheritdoc IPanel
    function vote(bytes32 tradeId, address member, bool forBuyer, bytes calldata signature) external {
        Case storage kept = _case(tradeId);
        if (block.timestamp > kept.until) revert TooLate(kept.until);
        uint256 bit = 1 << (uint256(_seatOf(member).number) - 1);
        if (kept.members & bit == 0) revert NotMember(member);
        if ((kept.forBuyer | kept.forSeller) & bit != 0) revert AlreadyVoted(tradeId, member);
        _checkMember(member, keccak256(abi.encode(VOTE_TYPEHASH, tradeId, forBuyer)), signature);
        if (forBuyer) kept.forBuyer |= uint16(bit);
        else kept.forSeller |= uint16(bit);
        emit Voted(tradeId, member, forBuyer);
    }

    /// @inheritdoc IPanel
    function carry(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 contentCommitment,
        Share[] calldata split
    ) external {
        bytes32 tradeId = EXCHANGE.tradeOf(offer, purchase);
        (bool decided, bool forBuyer) = verdict(tradeId);
        if (!decided) revert NoVerdict(tradeId);
        EXCHANGE.decide(offer, purchase, contentCommitment, split, forBuyer);
    }

    /// @inheritdoc IPanel
    function close(bytes32 tradeId) external {
        Case storage kept = _case(tradeId);
        if (kept.closed) revert AlreadyClosed(tradeId);
        if (block.timestamp <= kept.until) revert TooEarly(kept.until);
        kept.closed = true;
        uint256 part = FEE / _count(kept.members);
        uint256 left = FEE;
        uint256 fines = 0;
        for (uint256 i = 0; i < _members.length; ++i) {
            uint256 bit = 1 << i;
            if (kept.members & bit == 0) continue;
            address member = _members[i];
            --_seats[member].open;
            if ((kept.forBuyer | kept.forSeller) & bit != 0) {
                left -= part;
                _credit(tradeId, member, part);
            } else {
                fines += _fine(tradeId, member);
            }
        }
        _credit(tradeId, kept.buyer, left);
        _share(tradeId, fines);
        emit Closed(tradeId);
    }

    /// @inheritdoc IPanel
    function seat(address member) external view returns (Seat memory) {
        return _seats[member];
    }

    /// @inheritdoc IPanel
    function caseOf(bytes32 tradeId) external view returns (Case memory) {
        return _cases[tradeId];
    }

    /// @inheritdoc IPanel
    function members() external view returns (address[] memory) {
        return _members;
    }

    /// @inheritdoc IPanel
    function exchange() external view returns (address) {
        return address(EXCHANGE);
    }

    /// @inheritdoc IPanel
    function currency() external view returns (address) {
        return CURRENCY;
    }

    /// @inheritdoc IPanel
    function fee() external view returns (uint256) {
        return FEE;
    }

    /// @inheritdoc IPanel
    function wholeBond() external view returns (uint256) {
        return BOND;
    }

    /// @inheritdoc IPanel
    function penalty() external view returns (uint256) {
        return PENALTY;
    }

    /// @inheritdoc IPanel
    function threshold() external view returns (uint256) {
        return THRESHOLD;
    }

    /// @inheritdoc IPanel
    function verdict(bytes32 tradeId) public view returns (bool decided, bool forBuyer) {
        Case storage kept = _case(tradeId);
        // The threshold is more than half of all, so at most one side has it.
        forBuyer = _count(kept.forBuyer) >= THRESHOLD;
        decided = forBuyer || _count(kept.forSeller) >= THRESHOLD;
    }

    /// @dev Owes penalties to those who voted with the verdict, in equal parts. What nobody is owed stays here, out of reach.
    function _share(bytes32 tradeId, uint256 fines) private {
        (bool decided, bool forBuyer) = verdict(tradeId);
        if (!decided) return;
        uint256 winners = forBuyer ? _cases[tradeId].forBuyer : _cases[tradeId].forSeller;
        uint256 part = fines / _count(winners);
        for (uint256 i = 0; i < _members.length; ++i) {
            if (winners >> i & 1 != 0) _credit(tradeId, _members[i], part);
        }
    }

    /// @dev Takes the penalty of a silent member off its bond, as far as it goes.
    function _fine(bytes32 tradeId, address member) private returns (uint256 amount) {
        Seat storage kept = _seats[member];
        amount = kept.bond < PENALTY ? kept.bond : PENALTY;
        kept.bond -= uint128(amount);
        emit Fined(tradeId, member, amount);
    }

    function _credit(bytes32 tradeId, address payee, uint256 amount) private {
        if (amount == 0) return;
        _owe(CURRENCY, payee, amount);
        emit Credited(tradeId, payee, amount);
    }

    /// @dev Whether a member is to be in a case that is opened now. A penalty is never nothing, so without a bond nobody is.
    function _serves(Seat storage kept) private view returns (bool) {
        return kept.bond >= PENALTY && (kept.freeAt == 0 || block.timestamp <= kept.freeAt);
    }

    function _seatOf(address member) private view returns (Seat storage kept) {
        kept = _seats[member];
        if (kept.number == 0) revert NotMember(member);
    }

    function _case(bytes32 tradeId) private view returns (Case storage kept) {
        kept = _cases[tradeId];
        if (kept.until == 0) revert NoSuchCase(tradeId);
    }

    /// @dev Reverts unless the member calls or signed.
    function _checkMember(address member, bytes32 structHash, bytes calldata signature) private view {
        if (msg.sender == member) return;
        if (!Signatures.signed(member, _digest(structHash), signature)) revert BadSignature(member);
    }

    /// @dev How many members are in a set.
    function _count(uint256 set) private pure returns (uint256 n) {
        for (; set != 0; set &= set - 1) ++n;
    }
}
