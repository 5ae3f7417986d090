// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Contribution, Entry, ICompany, Kind, Motion, Moving, Quitting, Rules, Standing} from "./ICompany.sol";
import {IPause} from "./IPause.sol";
import {Money} from "./Money.sol";
import {Signatures} from "./Signatures.sol";
import {Tally} from "./Tally.sol";

/// @title Company
/// @notice The share register of one company: one person, one entry; data is contributed for shares; votes, dividends and
/// the reserve follow the share (ERC-20, ERC-2612, ERC-5805, ERC-6372).
/// @dev Shares have no decimals, so a dividend is a whole number of units of the currency for each share and nothing is
/// rounded; what does not divide stays unbooked until the next time.
/// Invariants:
/// - a nullifier enters once, and an address is a member once; only members hold shares;
/// - the supply is no more than the cap, and the cap rises only by a motion that was carried;
/// - nobody's shares go down but by its own will or allowance: the registrar lets in and issues, and can do nothing else;
/// - votes add up to the supply, and a motion counts them as they were at a moment that had passed;
/// - what is owed and the reserve add up to what is booked, and that is no more than what is here;
/// - a share's part of the reserve, reserve / cap, never falls but when a motion raises the cap;
/// - a dividend goes to who held the share when it was collected: an account is settled before its balance changes;
/// - there is no owner and no upgrade, and the pause is asked before a person or data is taken in, and never else.
/// Foreign code is the currency and a payee. No function that calls it can be called from within another, and each change
/// is stored before, but in {deposit}, where what came in is what is here beyond what is booked, whoever calls back.
contract Company is ICompany, Tally, ReentrancyGuardTransient {
    /// @dev One slot.
    struct Account {
        uint32 shares;
        uint24 contributions;
        uint96 index; // Books.index up to which it is settled
        uint96 owed; // in units of the currency
        Standing standing;
    }

    /// @dev One slot.
    struct Books {
        uint96 index; // what one share has earned from the start
        uint96 booked; // what is here of the currency and belongs to somebody, the reserve too
    }

    /// @notice How long holders can vote for a motion, in seconds.
    uint256 public constant VOTING = 7 days;
    /// @notice How long a motion waits after the voting, so that who is against it can leave, in seconds.
    uint256 public constant DELAY = 7 days;
    /// @notice How long a motion that was carried can be executed after the delay, in seconds.
    uint256 public constant GRACE = 14 days;

    bytes32 private constant ENTRY_TYPEHASH =
        keccak256("Entry(address member,uint64 endsAt,bytes32 nullifier,bytes32 evidence)");
    bytes32 private constant CONTRIBUTION_TYPEHASH = keccak256(
        "Contribution(address member,uint32 shares,uint32 cap,uint24 number,bytes32 commitment,uint64 endsAt)"
    );
    bytes32 private constant MOVING_TYPEHASH = keccak256("Moving(address from,address to,uint64 endsAt)");
    bytes32 private constant QUITTING_TYPEHASH = keccak256("Quitting(address member,uint96 least,uint64 endsAt)");
    bytes32 private constant PROPOSAL_TYPEHASH =
        keccak256("Proposal(uint8 kind,uint160 value,uint256 nonce,uint64 endsAt)");
    bytes32 private constant SUPPORT_TYPEHASH = keccak256("Support(uint256 number)");
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    bytes16 private constant HEX = "0123456789abcdef";

    address private immutable FACTORY = msg.sender;
    address private immutable SELF = address(this);
    IPause private immutable PAUSE;

    mapping(address member => Account) private _accounts;
    mapping(bytes32 nullifier => bool) private _entered;
    Rules private _rules;
    Books private _books;
    uint96 private _reserve;
    mapping(uint256 number => Motion) private _motions;
    mapping(Kind kind => uint256 number) private _latest; // that was executed
    mapping(uint256 number => mapping(address voter => bool)) private _voted;
    mapping(address owner => mapping(address spender => uint256 shares)) private _allowances;

    /// @notice Made once, by {Companies}; every company is a clone of it.
    /// @param pause Whom {join} and {contribute} ask, or zero.
    constructor(address pause) EIP712("SINSO", "1") {
        PAUSE = IPause(pause);
    }

    /// @notice Takes the chain's own money, if that is the currency. {collect} makes it a dividend.
    receive() external payable {
        // Without a cap nobody holds a share, nor ever will.
        if (currency() != address(0) || _rules.cap == 0) revert WrongCurrency();
    }

    /// @inheritdoc ICompany
    function start(address registrar_, uint32 cap_) external {
        if (msg.sender != FACTORY || _rules.registrar != address(0)) revert NotFactory(msg.sender);
        _rules.registrar = registrar_;
        _rules.cap = cap_;
    }

    /// @inheritdoc ICompany
    function join(Entry calldata entry, bytes calldata registrarSignature, bytes calldata memberSignature) external {
        Rules memory inForce = _takingIn(entry.endsAt);
        if (_entered[entry.nullifier]) revert NullifierUsed(entry.nullifier);
        _requireFresh(entry.member);
        // Every field is static, so the struct is its own EIP-712 encoding.
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(ENTRY_TYPEHASH, entry)));
        _requireSigned(inForce.registrar, digest, registrarSignature);
        _requireSigned(entry.member, digest, memberSignature);
        _entered[entry.nullifier] = true;
        _accounts[entry.member].standing = Standing.Member;
        emit Joined(entry.member, entry.nullifier, entry.evidence);
    }

    /// @inheritdoc ICompany
    function contribute(Contribution calldata c, bytes calldata registrarSignature, bytes calldata memberSignature)
        external
    {
        Rules memory inForce = _takingIn(c.endsAt);
        Account memory a = _member(c.member);
        if (c.number != a.contributions) revert WrongNumber(c.number, a.contributions);
        if (inForce.cap > c.cap) revert CapRaised(inForce.cap, c.cap);
        uint256 unissued = inForce.cap - _getTotalSupply();
        if (c.shares > unissued) revert OverCap(c.shares, unissued);
        if (c.shares == 0) revert Nothing();
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CONTRIBUTION_TYPEHASH, c)));
        _requireSigned(inForce.registrar, digest, registrarSignature);
        _requireSigned(c.member, digest, memberSignature);
        a.shares += c.shares;
        ++a.contributions;
        _accounts[c.member] = a;
        emit Contributed(c.member, c.number, c.shares, c.commitment);
        emit Transfer(address(0), c.member, c.shares);
        _transferVotingUnits(address(0), c.member, c.shares);
    }

    /// @inheritdoc ICompany
    function move(Moving calldata m, bytes calldata fromSignature, bytes calldata toSignature) external {
        _requireInTime(m.endsAt);
        Account memory a = _member(m.from);
        _requireFresh(m.to);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(MOVING_TYPEHASH, m)));
        _requireSigned(m.from, digest, fromSignature);
        _requireSigned(m.to, digest, toSignature);
        address delegatee = delegates(m.from);
        delete _accounts[m.from];
        _accounts[m.from].standing = Standing.Moved;
        emit EntryMoved(m.from, m.to);
        emit Transfer(m.from, m.to, a.shares);
        // Before the new account has shares: names whom it delegates to, and moves no votes.
        if (delegatee != m.from) _delegate(m.to, delegatee);
        _accounts[m.to] = a;
        _transferVotingUnits(m.from, m.to, a.shares);
    }

    /// @inheritdoc ICompany
    function quit(Quitting calldata q, bytes calldata memberSignature) external nonReentrant {
        _requireInTime(q.endsAt);
        _book(); // what came before is the leaver's too
        Account memory a = _member(q.member);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(QUITTING_TYPEHASH, q)));
        _requireSigned(q.member, digest, memberSignature);
        uint32 shares = a.shares;
        // By the cap, not by the supply: what the registrar issues takes nothing of the parts of others.
        uint96 part = shares == 0 ? 0 : uint96(uint256(_reserve) * shares / _rules.cap); // at most the reserve
        if (part < q.least) revert TooLittle(part, q.least);
        _reserve -= part;
        _rules.cap -= shares;
        a.owed += part; // at most what is booked
        a.shares = 0;
        a.standing = Standing.Left;
        _accounts[q.member] = a;
        emit Left(q.member, shares, part);
        emit Transfer(q.member, address(0), shares);
        _transferVotingUnits(q.member, address(0), shares);
    }

    /// @inheritdoc ICompany
    function deposit(uint256 amount) external payable nonReentrant {
        Money.take(currency(), amount);
        _collect();
    }

    /// @inheritdoc ICompany
    function collect() external nonReentrant {
        _collect();
    }

    /// @inheritdoc ICompany
    function endow(uint256 amount) external payable nonReentrant {
        _requireRunning();
        if (amount == 0 || _getTotalSupply() == 0) revert Nothing();
        // Booked before it is taken: it is a dividend at no time.
        uint256 booked = _books.booked + amount;
        if (booked > type(uint96).max) revert TooMuch(booked);
        _books.booked = uint96(booked);
        _reserve += uint96(amount);
        emit Endowed(msg.sender, amount);
        Money.take(currency(), amount);
    }

    /// @inheritdoc ICompany
    function withdraw(address payee) external nonReentrant {
        _pay(payee, payee);
    }

    /// @inheritdoc ICompany
    function withdrawTo(address to) external nonReentrant {
        _pay(msg.sender, to);
    }

    /// @inheritdoc ICompany
    function propose(address proposer, Kind kind, uint160 value, uint64 endsAt, bytes calldata proposerSignature)
        external
        returns (uint256 number)
    {
        _requireInTime(endsAt);
        if (msg.sender != proposer) {
            bytes32 structHash = keccak256(abi.encode(PROPOSAL_TYPEHASH, kind, value, _useNonce(proposer), endsAt));
            _requireSigned(proposer, _hashTypedDataV4(structHash), proposerSignature);
        }
        Rules memory inForce = _rules;
        _requirePossible(inForce, kind, value);
        uint256 needed = getPastTotalSupply(block.timestamp - 1) / 100 + 1;
        uint256 votes = getPastVotes(proposer, block.timestamp - 1);
        if (votes < needed) revert TooFewVotes(votes, needed);
        number = ++_rules.motions;
        _motions[number] = Motion(kind, value, uint40(block.timestamp), 0, false);
        emit Proposed(number, proposer, kind, value, block.timestamp + VOTING);
    }

    /// @inheritdoc ICompany
    function support(uint256 number, address voter, bytes calldata voterSignature) external {
        Motion storage m = _motion(number);
        uint256 endsAt = m.askedAt + VOTING;
        if (block.timestamp > endsAt) revert TooLate(endsAt);
        _requireSigned(voter, _hashTypedDataV4(keccak256(abi.encode(SUPPORT_TYPEHASH, number))), voterSignature);
        if (_voted[number][voter]) revert AlreadyVoted(voter);
        uint256 votes = getPastVotes(voter, m.askedAt);
        if (votes == 0) revert TooFewVotes(0, 1);
        _voted[number][voter] = true;
        m.inFavour += uint32(votes); // at most the supply
        emit Supported(number, voter, votes);
    }

    /// @inheritdoc ICompany
    function execute(uint256 number) external {
        Motion storage m = _motion(number);
        if (m.executed) revert AlreadyExecuted(number);
        uint256 until = m.askedAt + VOTING + DELAY;
        if (block.timestamp <= until) revert TooEarly(until);
        if (block.timestamp > until + GRACE) revert TooLate(until + GRACE);
        uint256 votes = getPastTotalSupply(m.askedAt);
        uint256 inFavour = m.inFavour;
        if (inFavour * 2 <= votes) revert NotCarried(inFavour, votes);
        (Kind kind, uint160 value) = (m.kind, m.value);
        if (number < _latest[kind]) revert Superseded();
        _requireRunning();
        m.executed = true;
        _latest[kind] = number;
        emit Executed(number);
        if (kind == Kind.Cap) return _setCap(value);
        if (kind == Kind.WindUp) return _windUp();
        _rules.registrar = address(value);
        emit RegistrarChanged(address(value));
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 shares) external returns (bool) {
        _approve(msg.sender, spender, shares);
        return true;
    }

    /// @inheritdoc IERC20
    /// @dev To a member of the register only.
    function transfer(address to, uint256 shares) external returns (bool) {
        _transfer(msg.sender, to, shares);
        return true;
    }

    /// @inheritdoc IERC20
    /// @dev To a member of the register only.
    function transferFrom(address from, address to, uint256 shares) external returns (bool) {
        uint256 allowed = _allowances[from][msg.sender];
        if (allowed < shares) revert ERC20InsufficientAllowance(msg.sender, allowed, shares);
        if (allowed != type(uint256).max) _allowances[from][msg.sender] = allowed - shares;
        _transfer(from, to, shares);
        return true;
    }

    /// @inheritdoc IERC20Permit
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        _requireInTime(deadline);
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, _useNonce(owner), deadline));
        if (ECDSA.recover(_hashTypedDataV4(structHash), v, r, s) != owner) revert BadSignature(owner);
        _approve(owner, spender, value);
    }

    /// @inheritdoc IERC20
    function totalSupply() external view returns (uint256) {
        return _getTotalSupply();
    }

    /// @inheritdoc IERC20
    function balanceOf(address holder) external view returns (uint256) {
        return _accounts[holder].shares;
    }

    /// @inheritdoc IERC20
    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
    }

    /// @inheritdoc IERC20Permit
    function DOMAIN_SEPARATOR() external view returns (bytes32) { // solhint-disable-line func-name-mixedcase
        return _domainSeparatorV4();
    }

    /// @inheritdoc IERC20Metadata
    /// @dev With the first four bytes of the address, so that people see that two companies are not the same.
    function name() external view returns (string memory) {
        uint256 self = uint160(address(this));
        bytes memory text = "SINSO company 00000000";
        for (uint256 i = 0; i < 8; ++i) {
            text[14 + i] = HEX[self >> (156 - 4 * i) & 0xf];
        }
        return string(text);
    }

    /// @inheritdoc ICompany
    function entryOf(address who) external view returns (Standing standing, uint256 contributions) {
        Account storage a = _accounts[who];
        return (a.standing, a.contributions);
    }

    /// @inheritdoc ICompany
    function entered(bytes32 nullifier) external view returns (bool) {
        return _entered[nullifier];
    }

    /// @inheritdoc ICompany
    function owed(address payee) external view returns (uint256) {
        return _settled(payee).owed;
    }

    /// @inheritdoc ICompany
    function rules() external view returns (Rules memory) {
        return _rules;
    }

    /// @inheritdoc ICompany
    function reserve() external view returns (uint256) {
        return _reserve;
    }

    /// @inheritdoc ICompany
    function motion(uint256 number) external view returns (Motion memory) {
        return _motions[number];
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external pure returns (string memory) {
        return "SINSO-C";
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external pure returns (uint8) {
        return 0;
    }

    /// @inheritdoc ICompany
    /// @dev From the code of the clone ({Companies}): 20 bytes.
    function currency() public view returns (address current) {
        if (address(this) == SELF) revert NoCompany();
        bytes memory args = Clones.fetchCloneArgs(address(this));
        // Packed, which abi.decode does not read. Reads memory only.
        assembly ("memory-safe") {
            current := shr(96, mload(add(args, 32)))
        }
    }

    /// @inheritdoc Votes
    /// @dev Who never delegated, votes for itself.
    function delegates(address account) public view override returns (address delegatee) {
        if (account == address(0)) return account;
        delegatee = super.delegates(account);
        if (delegatee == address(0)) return account;
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(IERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    /// @dev To zero is to itself: no share is without a vote.
    function _delegate(address account, address delegatee) internal override {
        super._delegate(account, delegatee == address(0) ? account : delegatee);
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return _accounts[account].shares;
    }

    function _approve(address owner, address spender, uint256 shares) private {
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        _allowances[owner][spender] = shares;
        emit Approval(owner, spender, shares);
    }

    /// @dev Settles both sides, and moves.
    function _transfer(address from, address to, uint256 shares) private {
        Account memory a = _member(from); // zero is none: nothing from it would look like a minting
        if (shares > a.shares) revert ERC20InsufficientBalance(from, a.shares, shares);
        a.shares -= uint32(shares); // at most what it has
        _accounts[from] = a;
        Account memory b = _member(to); // after the first is stored: it may be the same
        b.shares += uint32(shares);
        _accounts[to] = b;
        emit Transfer(from, to, shares);
        _transferVotingUnits(from, to, shares);
    }

    function _collect() private {
        if (_book() == 0) revert NothingToCollect();
    }

    /// @dev Books what is here and belongs to nobody. It never reverts for what the currency does: nobody is kept by that.
    function _book() private returns (uint256 perShare) {
        address currency_ = currency();
        uint256 here = address(this).balance;
        if (currency_ != address(0)) {
            // balanceOf(this), with bounded gas and answer. An answer of less than a word, or none, is zero.
            assembly ("memory-safe") {
                mstore(0, shl(224, 0x70a08231))
                mstore(4, address())
                here := 0
                // Arguments are evaluated from the last to the first.
                if and(gt(returndatasize(), 31), staticcall(100000, currency_, 0, 36, 0, 32)) { here := mload(0) }
            }
        }
        // What does not fit is taken in when something was paid out.
        if (here > type(uint96).max) here = type(uint96).max;
        Books memory books = _books;
        uint256 supply = _getTotalSupply();
        // A token that shrinks its holders' balances can leave less here than is booked.
        perShare = here <= books.booked || supply == 0 ? 0 : (here - books.booked) / supply;
        // A share has had 2^96 at most: what is more waits, and keeps nobody from leaving.
        uint256 most = type(uint96).max - books.index;
        if (perShare > most) perShare = most;
        if (perShare == 0) return 0;
        books.booked += uint96(perShare * supply); // at most `here`
        books.index += uint96(perShare);
        _books = books;
        emit Collected(perShare);
    }

    function _pay(address payee, address to) private {
        Account memory a = _settled(payee);
        uint256 amount = a.owed;
        if (amount == 0) revert NothingOwed(payee);
        a.owed = 0;
        _accounts[payee] = a;
        _books.booked -= uint96(amount);
        emit Withdrawn(payee, to, amount);
        Money.pay(currency(), to, amount);
    }

    /// @dev At most twice what it is now: who left meanwhile lowered the cap, and does not undo the motion. No less than what
    /// is issued: the registrar cannot stop a lower cap by issuing.
    function _setCap(uint256 value) private {
        uint256 supply = _getTotalSupply();
        uint256 most = uint256(_rules.cap) * 2;
        uint256 cap_ = value < supply ? supply : value < most ? value : most;
        _rules.cap = uint32(cap_); // _requirePossible
        emit CapChanged(cap_);
    }

    /// @dev The reserve becomes a dividend. What does not divide is collected with what comes next.
    function _windUp() private {
        uint256 supply = _getTotalSupply();
        if (supply == 0) revert Nothing();
        uint256 perShare = _reserve / supply;
        _books.booked -= uint96(_reserve - perShare * supply);
        _books.index += uint96(perShare);
        _reserve = 0;
        _rules.cap = uint32(supply);
        _rules.woundUp = true;
        emit WoundUp(perShare);
    }

    /// @dev The rules, or a revert if nothing new is taken in now.
    function _takingIn(uint256 endsAt) private view returns (Rules memory inForce) {
        if (address(PAUSE) != address(0)) PAUSE.check();
        _requireInTime(endsAt);
        inForce = _rules;
        if (inForce.woundUp) revert IsWoundUp();
    }

    function _requireInTime(uint256 endsAt) private view {
        if (block.timestamp > endsAt) revert Ended(endsAt);
    }

    function _requireRunning() private view {
        if (_rules.woundUp) revert IsWoundUp();
    }

    function _requireFresh(address member) private view {
        bool used = _accounts[member].standing != Standing.None;
        if (used || member == address(0) || member == address(this)) revert NotFresh(member);
    }

    function _requireSigned(address who, bytes32 digest, bytes calldata signature) private view {
        if (msg.sender != who && !Signatures.signed(who, digest, signature)) revert BadSignature(who);
    }

    /// @dev Whether a motion could be executed now. Later only a winding-up makes it impossible.
    function _requirePossible(Rules memory inForce, Kind kind, uint160 value) private view {
        if (inForce.woundUp) revert IsWoundUp();
        bool possible = value == 0; // WindUp
        if (kind == Kind.Cap) {
            possible = value != 0 && value <= uint256(inForce.cap) * 2 && value <= type(uint32).max;
        } else if (kind == Kind.Registrar) {
            possible = value != 0 && address(value) != address(this);
        }
        if (!possible) revert BadMotion();
    }

    function _motion(uint256 number) private view returns (Motion storage m) {
        m = _motions[number];
        if (m.askedAt == 0) revert NoSuchMotion(number);
    }

    /// @dev A member's account with what it has earned until now. The caller stores it.
    function _member(address who) private view returns (Account memory a) {
        a = _settled(who);
        if (a.standing != Standing.Member) revert NotMember(who);
    }

    /// @dev An account with what it has earned until now. The caller stores it.
    function _settled(address holder) private view returns (Account memory a) {
        a = _accounts[holder];
        uint96 index = _books.index;
        a.owed += a.shares * (index - a.index); // in 96 bits: at most what is booked
        a.index = index;
    }
}
