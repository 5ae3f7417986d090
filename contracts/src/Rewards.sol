// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IPause} from "./IPause.sol";
import {IRegistry, Parameter} from "./IRegistry.sol";
import {IRewards, Posting, State} from "./IRewards.sol";
import {IVoice} from "./IVoice.sol";
import {Ledger} from "./Ledger.sol";
import {Money} from "./Money.sol";

/// @title Rewards
/// @notice Pays a week's work by a list that anyone posts with a bond and anyone disputes with a bond.
/// @dev Invariants:
/// - the leaves of a list are paid once each, together no more than its total, whatever the list says;
/// - one list is settled for a week and currency, and its total is at most what the week had when it was posted;
/// - the bonds of a posting are owed once: to the winner and the treasury, or each to its own;
/// - no week before the deployment is paid, so voices come no faster than a week's emission in a week;
/// - no list is settled before {CHALLENGE_SECONDS} passed since it was posted or disputed, whatever a judge says;
/// - each state but the final ones has a way out that anyone can take after a time known at its start.
/// A wrong list blocks no right one: several can be posted for a week, and the first that stands is settled.
contract Rewards is IRewards, Ledger, ReentrancyGuard {
    using BitMaps for BitMaps.BitMap;

    /// @dev The money of a week in one currency.
    struct Pot {
        uint128 amount;
        uint128 settledBy;
    }

    /// @notice Time to dispute a list, seconds.
    uint256 public constant CHALLENGE_SECONDS = 7 days;
    /// @notice Time to decide a dispute, seconds.
    uint256 public constant DECIDE_SECONDS = 60 days;
    /// @notice Time in which a settled list can be claimed for sure, seconds.
    uint256 public constant CLAIM_SECONDS = 365 days;
    /// @notice Time after a week in which a list for it can be posted, seconds.
    uint256 public constant POST_SECONDS = 365 days;
    /// @notice Time after a week in which its money waits for a list, seconds: the last list, disputed, decided, and 33 days.
    uint256 public constant RECLAIM_SECONDS = POST_SECONDS + CHALLENGE_SECONDS + DECIDE_SECONDS + 33 days;
    /// @notice Weeks ahead that money can be put in for.
    uint256 public constant MAX_AHEAD = 52;

    uint256 private constant WEEK = 7 days;
    uint256 private constant ONE_VOICE = 1e18;
    uint128 private constant NOBODY = type(uint128).max; // settled a week whose money was reclaimed
    address private constant COIN = address(0);

    /// @inheritdoc IRewards
    uint256 public immutable BOND;
    /// @inheritdoc IRewards
    uint256 public immutable FIRST_WEEK = block.timestamp / WEEK;

    IVoice private immutable VOICE;
    IRegistry private immutable REGISTRY;
    IPause private immutable PAUSE;
    address private immutable GOVERNANCE;

    address private _panel;
    uint256 private _count;
    mapping(uint256 id => Posting) private _postings;
    mapping(uint256 id => BitMaps.BitMap) private _claimed;
    mapping(uint256 week => mapping(address currency => Pot)) private _pots;

    /// @notice The voice is deployed before, with the address that this will have.
    /// @param voice Whose minter this contract is.
    /// @param registry Where the weekly emission is.
    /// @param governance The timelock, which is the treasury.
    /// @param panel_ Decides disputes beside it, or zero.
    /// @param pause Stops new postings and new money for a time, or zero. It stops no dispute, decision or claim.
    /// @param bond Wei of coin.
    constructor(address voice, address registry, address governance, address panel_, address pause, uint256 bond) {
        VOICE = IVoice(voice);
        REGISTRY = IRegistry(registry);
        GOVERNANCE = governance;
        PAUSE = IPause(pause);
        BOND = bond;
        _panel = panel_;
        emit PanelSet(panel_);
        // Else a list that was posted in order could not be settled.
        (, uint256 most,,) = REGISTRY.boundsOf(Parameter.WeeklyEmission);
        uint256 cap = VOICE.WEEKLY_CAP();
        if (cap < most * ONE_VOICE) revert CapTooLow(cap, most * ONE_VOICE);
    }

    /// @inheritdoc IRewards
    function fund(uint32 week, address currency, uint128 amount) external payable nonReentrant {
        _checkRunning();
        if (currency == address(VOICE)) revert NotFundable();
        if (amount == 0) revert NothingToPay();
        if (week > block.timestamp / WEEK + MAX_AHEAD) revert TooFarAhead(week);
        Pot storage pot = _open(week, currency);
        Money.take(currency, amount);
        pot.amount += amount;
        emit Funded(week, currency, msg.sender, amount);
    }

    /// @inheritdoc IRewards
    function post(uint32 week, address currency, bytes32 root, uint96 total, bytes32 listHash)
        external
        payable
        returns (uint256 id)
    {
        _checkRunning();
        _takeBond();
        if (block.timestamp < _endOf(week)) revert TooEarly(_endOf(week));
        _open(week, currency);
        if (total == 0) revert NothingToPay();
        uint256 most = emission(week, currency);
        if (total > most) revert OverEmission(total, most);
        id = ++_count;
        Posting storage p = _postings[id];
        p.root = root;
        p.currency = currency;
        p.poster = msg.sender;
        p.turnAt = uint48(block.timestamp);
        p.week = week;
        p.state = State.Posted;
        p.total = total;
        emit PostedRoot(id, week, currency, msg.sender, root, total, listHash);
    }

    /// @inheritdoc IRewards
    function dispute(uint256 id, bytes32 reasonHash) external payable {
        Posting storage p = _in(State.Posted, id);
        _takeBond();
        _checkInTime(p.turnAt + CHALLENGE_SECONDS);
        p.disputer = msg.sender;
        _turn(p, State.Disputed);
        emit DisputedRoot(id, msg.sender, reasonHash);
    }

    /// @inheritdoc IRewards
    function decide(uint256 id, bool right) external {
        if (msg.sender != GOVERNANCE && msg.sender != _panel) revert NotJudge(msg.sender);
        Posting storage p = _in(State.Disputed, id);
        _checkInTime(p.turnAt + DECIDE_SECONDS);
        // Else a panel that was bought could settle a forged week before anyone saw it.
        if (right) _checkOver(p.turnAt + CHALLENGE_SECONDS);
        // Half of the loser's is the treasury's: who disputes itself to keep others out pays for it.
        uint256 fine = BOND - BOND / 2;
        _owe(COIN, right ? p.poster : p.disputer, 2 * BOND - fine);
        _owe(COIN, GOVERNANCE, fine);
        emit Decided(id, msg.sender, right);
        if (right) _settle(id, p);
        else _turn(p, State.Rejected);
    }

    /// @inheritdoc IRewards
    function expire(uint256 id) external {
        Posting storage p = _in(State.Disputed, id);
        _checkOver(p.turnAt + DECIDE_SECONDS);
        _owe(COIN, p.poster, BOND);
        _owe(COIN, p.disputer, BOND);
        _turn(p, State.Rejected);
        emit Expired(id);
    }

    /// @inheritdoc IRewards
    function settle(uint256 id) external {
        Posting storage p = _in(State.Posted, id);
        _checkOver(p.turnAt + CHALLENGE_SECONDS);
        _owe(COIN, p.poster, BOND);
        _settle(id, p);
    }

    /// @inheritdoc IRewards
    function claim(uint256 id, uint256 index, address account, uint96 amount, bytes32[] calldata proof) external {
        _claim(id, index, account, amount, proof, account);
    }

    /// @inheritdoc IRewards
    function claimTo(uint256 id, uint256 index, uint96 amount, bytes32[] calldata proof, address to) external {
        _claim(id, index, msg.sender, amount, proof, to);
    }

    /// @inheritdoc IRewards
    function close(uint256 id) external {
        Posting storage p = _in(State.Settled, id);
        _checkOver(p.turnAt + CLAIM_SECONDS);
        uint96 left = p.left;
        p.left = 0;
        _turn(p, State.Closed);
        emit Returned(id, left);
        if (p.currency == address(VOICE)) VOICE.burn(left);
        else _owe(p.currency, GOVERNANCE, left);
    }

    /// @inheritdoc IRewards
    function reclaim(uint32 week, address currency) external {
        _checkOver(_endOf(week) + RECLAIM_SECONDS);
        Pot storage pot = _pots[week][currency];
        uint256 amount = pot.amount;
        if (amount == 0) revert NothingToPay();
        pot.amount = 0;
        pot.settledBy = NOBODY;
        _owe(currency, GOVERNANCE, amount);
        emit Reclaimed(week, currency, amount);
    }

    /// @inheritdoc IRewards
    function setPanel(address newPanel) external {
        if (msg.sender != GOVERNANCE) revert NotGovernance(msg.sender);
        _panel = newPanel;
        emit PanelSet(newPanel);
    }

    /// @inheritdoc IRewards
    function posting(uint256 id) external view returns (Posting memory) {
        return _postings[id];
    }

    /// @inheritdoc IRewards
    function claimed(uint256 id, uint256 index) external view returns (bool) {
        return _claimed[id].get(index);
    }

    /// @inheritdoc IRewards
    function settledBy(uint32 week, address currency) external view returns (uint256 id) {
        id = _pots[week][currency].settledBy;
        if (id == NOBODY) id = 0;
    }

    /// @inheritdoc IRewards
    function panel() external view returns (address) {
        return _panel;
    }

    /// @inheritdoc IRewards
    function emission(uint32 week, address currency) public view returns (uint256) {
        if (currency == address(VOICE)) return REGISTRY.valueOf(Parameter.WeeklyEmission) * ONE_VOICE;
        return _pots[week][currency].amount;
    }

    function _claim(uint256 id, uint256 index, address account, uint96 amount, bytes32[] calldata proof, address to)
        private
    {
        if (amount == 0) revert NothingToPay();
        Posting storage p = _postings[id];
        uint96 left = p.left;
        if (amount > left) revert NotEnoughLeft(id, left);
        if (_claimed[id].get(index)) revert AlreadyClaimed(id, index);
        // Hashed twice, so that no inner node of the tree is a leaf.
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, account, uint256(amount)))));
        if (!MerkleProof.verifyCalldata(proof, p.root, leaf)) revert NotListed(id, index);
        _claimed[id].set(index);
        p.left = left - amount;
        emit Claimed(id, index, account, to, amount);
        Money.pay(p.currency, to, amount);
    }

    /// @dev The bonds are owed already.
    function _settle(uint256 id, Posting storage p) private {
        address currency = p.currency;
        Pot storage pot = _pots[p.week][currency];
        if (pot.settledBy != 0) {
            _turn(p, State.Superseded);
            emit SupersededRoot(id);
            return;
        }
        uint96 total = p.total;
        p.left = total;
        _turn(p, State.Settled);
        pot.settledBy = uint128(id);
        if (currency == address(VOICE)) {
            emit SettledRoot(id, total, 0);
            VOICE.mint(p.week, total);
            return;
        }
        // A pot only grows until it is settled or reclaimed, so the total is there.
        uint256 returned = pot.amount - total;
        pot.amount = 0;
        _owe(currency, GOVERNANCE, returned);
        emit SettledRoot(id, total, returned);
    }

    function _turn(Posting storage p, State state) private {
        p.state = state;
        p.turnAt = uint48(block.timestamp);
    }

    function _takeBond() private {
        if (msg.value != BOND) revert Money.WrongValue(msg.value, BOND);
    }

    /// @dev The posting, or a revert if it is not in this state.
    function _in(State state, uint256 id) private view returns (Posting storage p) {
        p = _postings[id];
        if (p.state != state) revert WrongState(id, p.state);
    }

    /// @dev The money of a week and currency for which a list can still be posted, or will be.
    function _open(uint32 week, address currency) private view returns (Pot storage pot) {
        if (week < FIRST_WEEK) revert TooLate(_endOf(week));
        _checkInTime(_endOf(week) + POST_SECONDS);
        pot = _pots[week][currency];
        if (pot.settledBy != 0) revert AlreadySettled(week, currency);
    }

    function _checkRunning() private view {
        if (address(PAUSE) != address(0)) PAUSE.check();
    }

    function _checkInTime(uint256 lastMoment) private view {
        if (block.timestamp > lastMoment) revert TooLate(lastMoment);
    }

    function _checkOver(uint256 lastMoment) private view {
        if (block.timestamp <= lastMoment) revert TooEarly(lastMoment);
    }

    function _endOf(uint32 week) private pure returns (uint256) {
        return (uint256(week) + 1) * WEEK;
    }
}
