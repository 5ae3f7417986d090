// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Domain} from "./Domain.sol";
import {
    CANCEL_BELOW_TYPEHASH,
    CANCEL_TYPEHASH,
    DELIVERY_TYPEHASH,
    OFFER_TYPEHASH,
    REVOKE_TYPEHASH
} from "./IExchange.sol";
import {Ballot, Buyout, IFraction} from "./IFraction.sol";
import {ILedger} from "./ILedger.sol";
import {Money} from "./Money.sol";
import {Signatures} from "./Signatures.sol";

/// @title Fraction
/// @notice The vault of one asset, and its fractions: an ERC-20 token without decimals whose supply is fixed.
/// @dev Fractions have no decimals, so a dividend is a whole number of wei for each fraction and nothing is rounded; what
/// does not divide stays unbooked until the next time.
/// Invariants:
/// - the balances add up to the supply, less what was redeemed or reunited after the asset had left; nobody can mint;
/// - what is owed, offered or to be redeemed adds up to what is booked, and that is no more than what is here;
/// - a dividend goes to who held the fraction when it was collected: an account is settled before its balance changes;
/// - the asset is here until an offer stood to its end, or one account holds all fractions;
/// - fractions that are counted for anything are locked, until the next day at least: a loan of one transaction decides
///   nothing, and no fraction is counted twice;
/// - there is no owner, no upgrade and no pause.
/// Foreign code (the currency, a payee, a steward by static call) runs after the last change of each function, but in
/// {deposit} and {collect}, where what came in is what is here beyond what is booked, whoever calls back.
contract Fraction is IFraction {
    /// @dev One slot: a transfer writes one for each side.
    struct Account {
        uint32 units; // fractions
        uint32 locked; // of them, counted for the account's ballot
        uint96 index; // Books.index up to which it is settled
        uint96 owed; // in units of the currency
    }

    /// @dev One slot.
    struct Books {
        uint96 index; // what one fraction has earned from the start
        uint96 booked; // what is here of the currency and belongs to somebody
        uint32 left; // fractions that were not given up
    }

    /// @notice How long a first offer stands, in seconds.
    uint256 public constant WINDOW = 7 days;
    /// @notice How long a higher offer stands at least, in seconds.
    uint256 public constant LAST_CALL = 1 days;
    /// @notice How long a buy-out goes on at least when a tenth objects, in seconds from that moment.
    uint256 public constant DELAY = 30 days;
    /// @notice How long fractions are locked at least that are counted for something, in seconds.
    uint256 public constant LOCK = 1 days;

    bytes16 private constant HEX = "0123456789abcdef";
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    address private immutable FACTORY = msg.sender;
    address private immutable SELF = address(this);
    IERC721 private immutable ASSETS;
    address private immutable EXCHANGE;

    mapping(address holder => Account) private _accounts;
    Books private _books;
    Buyout private _buyout;
    address private _steward; // zero: the one of the terms
    uint32 private _election;
    mapping(address holder => Ballot) private _ballots;
    mapping(uint32 round => mapping(address candidate => uint256 units)) private _counts;
    mapping(address owner => mapping(address spender => uint256 units)) private _allowances;
    mapping(address owner => uint256 count) private _nonces;

    /// @notice Made once, by {Fractions}; every vault is a clone of it.
    /// @param assets The Assets contract.
    /// @param exchange Where a vault sells licences.
    constructor(address assets, address exchange) {
        ASSETS = IERC721(assets);
        EXCHANGE = exchange;
    }

    /// @notice Takes the chain's own money, if that is the currency. {collect} makes it a dividend.
    receive() external payable {
        if (currency() != address(0)) revert WrongCurrency();
    }

    /// @inheritdoc IFraction
    function start(address holder) external {
        if (msg.sender != FACTORY || _books.left != 0) revert NotFactory(msg.sender);
        (,,, uint32 supply) = _terms();
        _books.left = supply;
        _accounts[holder].units = supply;
        emit Transfer(address(0), holder, supply);
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 units) external returns (bool) {
        _approve(msg.sender, spender, units);
        return true;
    }

    /// @inheritdoc IERC20
    function transfer(address to, uint256 units) external returns (bool) {
        _move(msg.sender, to, units);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 units) external returns (bool) {
        uint256 allowed = _allowances[from][msg.sender];
        if (allowed < units) revert ERC20InsufficientAllowance(msg.sender, allowed, units);
        if (allowed != type(uint256).max) _allowances[from][msg.sender] = allowed - units;
        _move(from, to, units);
        return true;
    }

    /// @inheritdoc IERC20Permit
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
    {
        if (block.timestamp > deadline) revert Ended(deadline);
        uint256 nonce = _nonces[owner];
        _nonces[owner] = nonce + 1;
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, nonce, deadline));
        (address signer, ECDSA.RecoverError failure,) =
            ECDSA.tryRecover(keccak256(abi.encodePacked(hex"1901", DOMAIN_SEPARATOR(), structHash)), v, r, s);
        if (failure != ECDSA.RecoverError.NoError || signer != owner) revert BadSignature(owner);
        _approve(owner, spender, value);
    }

    /// @inheritdoc IFraction
    function deposit(uint256 amount) external payable {
        Money.take(currency(), amount);
        _collect();
    }

    /// @inheritdoc IFraction
    function collect() external {
        address currency_ = currency();
        if (ILedger(EXCHANGE).owed(currency_, address(this)) != 0) {
            // Before anything is looked at: what comes is like what was sent plainly, whoever calls back. If it does not
            // come, what is here is divided all the same.
            // solhint-disable-next-line no-empty-blocks
            try ILedger(EXCHANGE).withdraw(currency_, address(this)) {} catch {}
        }
        _collect();
    }

    /// @inheritdoc IFraction
    function withdraw(address payee) external {
        _pay(payee, payee);
    }

    /// @inheritdoc IFraction
    function withdrawTo(address to) external {
        _pay(msg.sender, to);
    }

    /// @inheritdoc IFraction
    function offer(uint96 pricePerFraction) external payable {
        (, address currency_,, uint32 supply) = _terms();
        Buyout memory b = _buyout;
        if (b.closed) revert IsClosed();
        uint256 least = 1;
        uint256 endsAt = block.timestamp + WINDOW;
        if (b.bidder != address(0)) {
            if (block.timestamp > b.endsAt) revert TooLate(b.endsAt);
            least = (uint256(b.pricePerFraction) * 21 + 19) / 20; // 5 % more, rounded up
            endsAt = _later(b.endsAt, LAST_CALL);
            _owe(b.bidder, uint256(b.pricePerFraction) * supply);
        } else {
            ++b.number;
            b.delayed = false;
        }
        if (pricePerFraction < least) revert TooLow(least);

        b.bidder = msg.sender;
        b.pricePerFraction = pricePerFraction;
        b.endsAt = uint40(endsAt);
        _buyout = b;
        emit Offered(b.number, msg.sender, pricePerFraction, endsAt);
        // Booked before it is taken: who calls back meanwhile cannot collect it as a dividend.
        uint256 amount = uint256(pricePerFraction) * supply;
        uint256 booked = _books.booked + amount;
        if (booked > type(uint96).max) revert TooMuch(booked);
        _books.booked = uint96(booked);
        Money.take(currency_, amount);
    }

    /// @inheritdoc IFraction
    function object() external {
        (,,, uint32 supply) = _terms();
        Buyout memory b = _buyout;
        if (b.closed || b.bidder == address(0)) revert NoOffer();
        if (block.timestamp > b.endsAt) revert TooLate(b.endsAt);
        (uint256 units, uint256 sum) = _count(address(0), b.number);
        emit Objected(b.number, msg.sender, units);
        if (sum * 2 > supply) {
            _fail(b, supply);
        } else if (sum * 10 >= supply && !b.delayed) {
            uint256 endsAt = _later(b.endsAt, DELAY);
            _buyout.delayed = true;
            _buyout.endsAt = uint40(endsAt);
            emit Delayed(b.number, endsAt);
        }
    }

    /// @inheritdoc IFraction
    function choose(address candidate) external {
        (,,, uint32 supply) = _terms();
        if (_buyout.closed) revert IsClosed();
        if (candidate == address(0)) revert NoSteward();
        (uint256 units, uint256 sum) = _count(candidate, _election);
        emit Chosen(candidate, msg.sender, units);
        if (sum * 2 <= supply) return;
        _steward = candidate;
        ++_election;
        emit StewardChanged(candidate);
    }

    /// @inheritdoc IFraction
    function unlock() external {
        uint32 units = _accounts[msg.sender].locked;
        if (units == 0) revert NothingLocked(msg.sender);
        Ballot memory ballot = _ballots[msg.sender];
        if (block.timestamp <= ballot.until) revert TooEarly(ballot.until);
        _counts[ballot.round][ballot.candidate] -= units;
        _accounts[msg.sender].locked = 0;
        delete _ballots[msg.sender];
        emit Unlocked(msg.sender, units);
    }

    /// @inheritdoc IFraction
    function close() external {
        Buyout memory b = _buyout;
        if (b.closed || b.bidder == address(0)) revert NoOffer();
        if (block.timestamp <= b.endsAt) revert TooEarly(b.endsAt);
        _give(b.bidder, b.pricePerFraction);
    }

    /// @inheritdoc IFraction
    function redeem(address to) external {
        if (!_buyout.closed) revert NotClosed();
        uint256 units = _giveUp(_buyout.pricePerFraction);
        if (units == 0) revert NoFractions(msg.sender);
        emit Redeemed(msg.sender, units);
        _pay(msg.sender, to);
    }

    /// @inheritdoc IFraction
    function reunite() external {
        (,,, uint32 supply) = _terms();
        Buyout memory b = _buyout;
        if (b.closed) revert IsClosed();
        if (b.bidder != address(0)) {
            if (block.timestamp > b.endsAt) revert TooLate(b.endsAt);
            _fail(b, supply);
        }
        uint256 units = _giveUp(0);
        if (units != supply) revert NotAll(units, supply);
        _give(msg.sender, 0);
    }

    /// @inheritdoc IERC1271
    /// @dev `signature` is what EIP-712 hashes to the struct hash, a type hash and one word for each member, and then what the
    /// steward signed of `hash`: an account's signature or what a contract understands. The words must lead to `hash` by
    /// the domain of Exchange, so this is no signature of anything that another contract asks, whatever the steward signs: no
    /// entry of an asset, no permit, no sign-in. Of Exchange's types it signs offers of this vault in its own currency,
    /// deliveries, cancellations and revocations, and neither sales of tokens nor fills. Every member of these is one word.
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bytes32 typeHash = bytes32(signature); // zero for what is missing
        uint256 size = _sizeOf(typeHash);
        if (size == 0 || signature.length < size) return 0xffffffff;
        if (typeHash == OFFER_TYPEHASH && !_isOurs(signature)) return 0xffffffff;
        bytes32 separator = Domain(EXCHANGE).domainSeparator();
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", separator, keccak256(signature[:size])));
        if (digest != hash || !Signatures.signed(steward(), hash, signature[size:])) return 0xffffffff;
        return IERC1271.isValidSignature.selector;
    }

    /// @inheritdoc IERC20
    function totalSupply() external view returns (uint256) {
        return _books.left;
    }

    /// @inheritdoc IERC20
    function balanceOf(address holder) external view returns (uint256) {
        return _accounts[holder].units;
    }

    /// @inheritdoc IERC20
    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowances[owner][spender];
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) external view returns (uint256) {
        return _nonces[owner];
    }

    /// @inheritdoc IERC20Metadata
    /// @dev With the first four bytes of the token ID, so that people see that two vaults are not the same.
    function name() external view returns (string memory) {
        uint256 id = tokenId();
        bytes memory text = "SINSO fraction 00000000";
        for (uint256 i = 0; i < 8; ++i) {
            text[15 + i] = HEX[id >> (252 - 4 * i) & 0xf];
        }
        return string(text);
    }

    /// @inheritdoc IFraction
    function owed(address payee) external view returns (uint256) {
        return _settled(payee).owed;
    }

    /// @inheritdoc IFraction
    function lockedOf(address holder) external view returns (uint256) {
        return _accounts[holder].locked;
    }

    /// @inheritdoc IFraction
    function ballotOf(address holder) external view returns (Ballot memory) {
        return _ballots[holder];
    }

    /// @inheritdoc IFraction
    function objected() external view returns (uint256) {
        return _counts[_buyout.number][address(0)];
    }

    /// @inheritdoc IFraction
    function chosen(address candidate) external view returns (uint256) {
        return candidate == address(0) ? 0 : _counts[_election][candidate];
    }

    /// @inheritdoc IFraction
    function buyout() external view returns (Buyout memory) {
        return _buyout;
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external pure returns (string memory) {
        return "SINSO-F";
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external pure returns (uint8) {
        return 0;
    }

    /// @inheritdoc IFraction
    function steward() public view returns (address current) {
        current = _steward;
        if (current == address(0)) (,, current,) = _terms();
    }

    /// @inheritdoc IFraction
    function tokenId() public view returns (uint256 id) {
        (id,,,) = _terms();
    }

    /// @inheritdoc IFraction
    function currency() public view returns (address current) {
        (, current,,) = _terms();
    }

    /// @inheritdoc IERC20Permit
    /// @dev By the address of the clone: {Domain} would know that of the shared code.
    function DOMAIN_SEPARATOR() public view returns (bytes32) { // solhint-disable-line func-name-mixedcase
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("SINSO"), keccak256("1"), block.chainid, address(this)));
    }

    function _approve(address owner, address spender, uint256 units) private {
        if (spender == address(0)) revert ERC20InvalidSpender(spender);
        _allowances[owner][spender] = units;
        emit Approval(owner, spender, units);
    }

    /// @dev Settles both sides, and moves. What is sent to the vault itself would never come out, so it is refused.
    function _move(address from, address to, uint256 units) private {
        // Nothing from nobody would look like a minting.
        if (from == address(0)) revert ERC20InvalidSender(from);
        if (to == address(0) || to == address(this)) revert ERC20InvalidReceiver(to);
        Account memory a = _settled(from);
        uint256 free = a.units - a.locked;
        if (free < units) revert ERC20InsufficientBalance(from, free, units);
        a.units -= uint32(units); // at most what is free
        _accounts[from] = a;
        Account memory b = _settled(to); // after the first is stored: it may be the same
        b.units += uint32(units);
        _accounts[to] = b;
        emit Transfer(from, to, units);
    }

    /// @dev Books what is here and belongs to nobody.
    function _collect() private {
        address currency_ = currency();
        uint256 here = currency_ == address(0) ? address(this).balance : IERC20(currency_).balanceOf(address(this));
        // What does not fit is taken in when something was paid out.
        if (here > type(uint96).max) here = type(uint96).max;
        Books memory books = _books;
        // A token that shrinks its holders' balances can leave less here than is booked.
        uint256 arrived = here > books.booked ? here - books.booked : 0;
        uint256 perFraction = books.left == 0 ? arrived : arrived / books.left;
        // A fraction has had 2^96 at most: what is more waits, and stops nothing else.
        if (books.left != 0 && perFraction > type(uint96).max - books.index) {
            perFraction = type(uint96).max - books.index;
        }
        if (perFraction == 0) revert NothingToCollect();
        if (books.left == 0) {
            books.booked += uint96(arrived);
            _owe(_buyout.bidder, arrived);
        } else {
            books.booked += uint96(perFraction * books.left); // at most `here`
            books.index += uint96(perFraction);
        }
        _books = books;
        emit Collected(perFraction);
    }

    /// @dev Owes an account more of what is booked already.
    function _owe(address payee, uint256 amount) private {
        _accounts[payee].owed += uint96(amount); // at most what is booked
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

    /// @dev Locks all fractions of the caller and counts them for this and nothing else. Says how many they are, and how
    /// many of all holders are counted for it now.
    function _count(address candidate, uint32 round) private returns (uint32 units, uint256 sum) {
        Account storage account = _accounts[msg.sender];
        units = account.units;
        if (units == 0) revert NoFractions(msg.sender);
        Ballot memory before = _ballots[msg.sender];
        _counts[before.round][before.candidate] -= account.locked;
        sum = _counts[round][candidate] + units;
        _counts[round][candidate] = sum;
        account.locked = units;
        _ballots[msg.sender] = Ballot(candidate, round, uint40(block.timestamp + LOCK));
    }

    /// @dev Ends an offer that has not won.
    function _fail(Buyout memory b, uint256 supply) private {
        _owe(b.bidder, uint256(b.pricePerFraction) * supply);
        _buyout.bidder = address(0);
        _buyout.pricePerFraction = 0;
        emit Failed(b.number);
    }

    /// @dev Ends the caller's fractions, locked ones too, and owes it their price.
    function _giveUp(uint96 price) private returns (uint32 units) {
        Account memory a = _settled(msg.sender);
        units = a.units;
        a.owed += units * price;
        a.units = 0;
        a.locked = 0;
        _accounts[msg.sender] = a;
        _books.left -= units;
        emit Transfer(msg.sender, address(0), units);
    }

    /// @dev Closes the vault. Assets calls no receiver, so nobody can refuse the asset.
    function _give(address taker, uint96 price) private {
        _buyout.bidder = taker;
        _buyout.closed = true;
        emit Closed(taker, price);
        ASSETS.transferFrom(address(this), taker, tokenId());
    }

    /// @dev An account with what it has earned until now. The caller stores it.
    function _settled(address holder) private view returns (Account memory a) {
        a = _accounts[holder];
        uint96 index = _books.index;
        a.owed += a.units * (index - a.index); // in 96 bits: at most what is booked
        a.index = index;
    }

    /// @dev The later of an end and a time from now.
    function _later(uint256 endsAt, uint256 wait) private view returns (uint256) {
        uint256 other = block.timestamp + wait;
        return endsAt > other ? endsAt : other;
    }

    /// @dev Whether an offer, by its words, is the vault's and pays what the vault can collect. Dirty bits are another's.
    function _isOurs(bytes calldata words) private view returns (bool) {
        uint256 seller = uint256(bytes32(words[32:])); // the first member
        uint256 currency_ = uint256(bytes32(words[128:])); // the fourth
        return seller == uint160(address(this)) && currency_ == uint160(currency());
    }

    /// @dev The terms, from the code of the clone ({Fractions}): 76 bytes.
    function _terms() private view returns (uint256 id, address currency_, address steward_, uint32 supply) {
        if (address(this) == SELF) revert NoVault();
        bytes memory args = Clones.fetchCloneArgs(address(this));
        // Packed, which abi.decode does not read. Reads memory only.
        assembly ("memory-safe") {
            id := mload(add(args, 32))
            currency_ := shr(96, mload(add(args, 64)))
            steward_ := shr(96, mload(add(args, 84)))
            supply := shr(224, mload(add(args, 104)))
        }
    }

    /// @dev How many bytes a struct has with its type hash, zero if it is none that a vault signs.
    function _sizeOf(bytes32 typeHash) private pure returns (uint256) {
        if (typeHash == OFFER_TYPEHASH) return 20 * 32;
        if (typeHash == DELIVERY_TYPEHASH) return 6 * 32;
        bool one = typeHash == CANCEL_TYPEHASH || typeHash == CANCEL_BELOW_TYPEHASH || typeHash == REVOKE_TYPEHASH;
        return one ? 2 * 32 : 0;
    }
}
