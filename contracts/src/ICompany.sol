// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @notice What an address is to the company's register.
enum Standing {
    None, // never entered
    Member, // may hold shares
    Left, // gave its shares up; may still take what it is owed
    Moved // its entry is at another address now
}

/// @notice What holders can decide.
enum Kind {
    Cap, // how many shares there may be
    Registrar, // whose signature lets in and issues
    WindUp // the reserve goes to all holders, and nothing is issued any more
}

/// @notice A person's entry. Signed by the registrar and by the member (EIP-712).
/// @param member A fresh address of the person, for this company alone.
/// @param endsAt Last moment to carry it, unix seconds.
/// @param nullifier keccak256("sinso/company/v1" ‖ the identity's secret ‖ the company's address): the same for one person here,
/// and another in every other company.
/// @param evidence Salted commitment to what the person showed the registrar.
struct Entry {
    address member;
    uint64 endsAt;
    bytes32 nullifier;
    bytes32 evidence;
}

/// @notice Data for shares. Signed by the registrar and by the member (EIP-712).
/// @param member Who contributes.
/// @param shares What for, out of those that are not issued.
/// @param cap Most shares there may be when it is carried: if holders raise the cap meanwhile, nothing is issued.
/// @param number How many contributions the member made before, so each is used once and in order.
/// @param commitment Salted commitment to the asset or licence. Nothing here tells which.
/// @param endsAt Last moment to carry it, unix seconds.
struct Contribution {
    address member;
    uint32 shares;
    uint32 cap;
    uint24 number;
    bytes32 commitment;
    uint64 endsAt;
}

/// @notice A member's way out. Signed by the member (EIP-712), if the member does not call.
/// @param member Who leaves, with all its shares.
/// @param least Least part of the reserve that it leaves for.
/// @param endsAt Last moment to carry it, unix seconds.
struct Quitting {
    address member;
    uint96 least;
    uint64 endsAt;
}

/// @notice An entry that goes to a new key. Signed by both (EIP-712).
/// @param from The address that is a member.
/// @param to A fresh address.
/// @param endsAt Last moment to carry it, unix seconds.
struct Moving {
    address from;
    address to;
    uint64 endsAt;
}

/// @notice What holders are asked to decide.
/// @param kind What it is about.
/// @param value Cap: the new cap. Registrar: the new address, as a number. WindUp: zero.
/// @param askedAt When it was proposed, unix seconds: votes are counted as they were at the end of that second.
/// @param inFavour Votes for it.
/// @param executed Whether it is done.
struct Motion {
    Kind kind;
    uint160 value;
    uint40 askedAt;
    uint32 inFavour;
    bool executed;
}

/// @notice What is in force.
/// @param registrar Whose signature lets in and issues.
/// @param cap How many shares there may be.
/// @param motions How many motions there were.
/// @param woundUp Whether the company was wound up. That is final.
struct Rules {
    address registrar;
    uint32 cap;
    uint32 motions;
    bool woundUp;
}

/// @title ICompany
/// @notice The share register of one company: one person, one entry; data is contributed for shares; votes, dividends and
/// the reserve follow the share.
/// @dev A share is an ERC-20 token without decimals, with votes (ERC-5805) on a clock of timestamps (ERC-6372). A member
/// votes for itself until it delegates. Errors of ERC-6093 are used where there is one.
interface ICompany is IERC20Metadata, IERC20Permit, IERC20Errors {
    /// @notice Holders changed how many shares there may be.
    event CapChanged(uint256 cap);
    /// @notice What had come in was divided: `perShare` for each share.
    event Collected(uint256 perShare);
    /// @notice `member` contributed data for `shares`. A {Transfer} from zero comes with it.
    event Contributed(address indexed member, uint256 indexed number, uint256 shares, bytes32 commitment);
    /// @notice The reserve grew.
    event Endowed(address indexed from, uint256 amount);
    /// @notice A motion was carried, and is done.
    event Executed(uint256 indexed number);
    /// @notice A person entered the register.
    event Joined(address indexed member, bytes32 indexed nullifier, bytes32 evidence);
    /// @notice A member gave up its shares and is owed a part of the reserve. A {Transfer} to zero comes with it.
    event Left(address indexed member, uint256 shares, uint256 part);
    /// @notice An entry went to a new address, with shares, dividends and votes.
    event EntryMoved(address indexed from, address indexed to);
    /// @notice Holders are asked.
    event Proposed(uint256 indexed number, address indexed proposer, Kind kind, uint160 value, uint256 endsAt);
    /// @notice From now on `registrar` signs, and nobody else.
    event RegistrarChanged(address indexed registrar);
    /// @notice `voter` is for a motion.
    event Supported(uint256 indexed number, address indexed voter, uint256 votes);
    /// @notice The reserve was divided, `perShare` for each share, and nothing is issued any more.
    event WoundUp(uint256 perShare);
    /// @notice What `payee` was owed was sent.
    event Withdrawn(address indexed payee, address indexed to, uint256 amount);

    /// @notice The motion is done.
    error AlreadyExecuted(uint256 number);
    /// @notice These votes are counted.
    error AlreadyVoted(address voter);
    /// @notice The motion asks for nothing that can be.
    error BadMotion();
    /// @notice `signer` did not sign this.
    error BadSignature(address signer);
    /// @notice The cap is higher than the member agreed to.
    error CapRaised(uint256 cap, uint256 agreed);
    /// @notice What was signed ended.
    error Ended(uint256 endsAt);
    /// @notice Nothing comes in any more.
    error IsWoundUp();
    /// @notice Not before there is a clone: the code that companies share holds nothing.
    error NoCompany();
    /// @notice No shares, or an amount of nothing.
    error Nothing();
    /// @notice The payee is owed nothing.
    error NothingOwed(address payee);
    /// @notice Too little came in: less than one unit of the currency for each share, or there are no shares.
    error NothingToCollect();
    /// @notice There is no such motion.
    error NoSuchMotion(uint256 number);
    /// @notice `inFavour` is not more than half of all `votes`.
    error NotCarried(uint256 inFavour, uint256 votes);
    /// @notice Only the contract that makes companies may start one, and once.
    error NotFactory(address caller);
    /// @notice The address was used here before, or cannot be a member.
    error NotFresh(address member);
    /// @notice The address is not in the register.
    error NotMember(address who);
    /// @notice The person has entered before.
    error NullifierUsed(bytes32 nullifier);
    /// @notice More than the `unissued` shares.
    error OverCap(uint256 shares, uint256 unissued);
    /// @notice Not before `until` has passed.
    error TooEarly(uint256 until);
    /// @notice A later motion of this kind was executed.
    error Superseded();
    /// @notice Fewer votes than `needed`.
    error TooFewVotes(uint256 votes, uint256 needed);
    /// @notice The time ended at `endsAt`.
    error TooLate(uint256 endsAt);
    /// @notice The part of the reserve is less than the member leaves for.
    error TooLittle(uint256 part, uint256 least);
    /// @notice The amount does not fit: 2^96 units of the currency or more would be here.
    error TooMuch(uint256 amount);
    /// @notice The member's next contribution has another number.
    error WrongNumber(uint256 number, uint256 next);
    /// @notice The company takes tokens of another currency only.
    error WrongCurrency();

    /// @notice Names registrar and cap. Once, by the contract that makes companies.
    function start(address registrar_, uint32 cap_) external;

    /// @notice Enters a person. Anyone may carry it; who is a signer and calls needs no signature of its own.
    /// @dev The registrar vouches that a holder of an identity token stands behind it and that the nullifier is that person's.
    /// @param entry Its nullifier can enter once, and its address must never have been in this register.
    /// @param registrarSignature Of the registrar, EIP-712: `Entry(address member,uint64 endsAt,bytes32 nullifier,bytes32 evidence)`.
    /// @param memberSignature Of the member, over the same.
    function join(Entry calldata entry, bytes calldata registrarSignature, bytes calldata memberSignature) external;

    /// @notice Issues shares to a member for data. Anyone may carry it.
    /// @param c Issued out of cap − supply, or not at all.
    /// @param registrarSignature Of the registrar, EIP-712:
    /// `Contribution(address member,uint32 shares,uint32 cap,uint24 number,bytes32 commitment,uint64 endsAt)`.
    /// @param memberSignature Of the member, over the same.
    function contribute(Contribution calldata c, bytes calldata registrarSignature, bytes calldata memberSignature) external;

    /// @notice Moves an entry to a new key: shares, dividends, votes and the number of contributions follow. The registrar
    /// is not asked. Allowances do not follow, and votes that others delegated to the old address stay there.
    /// @param m From a member to a fresh address.
    /// @param fromSignature Of the old address, EIP-712: `Moving(address from,address to,uint64 endsAt)`.
    /// @param toSignature Of the new one, over the same.
    function move(Moving calldata m, bytes calldata fromSignature, bytes calldata toSignature) external;

    /// @notice Gives up all shares of a member. It is owed reserve × shares / cap, rounded down, beside its dividends; the cap
    /// falls by the shares. So no share's part of the reserve falls by it. The entry ends, its nullifier stays used.
    /// @param q What the member agreed to.
    /// @param memberSignature Of the member, EIP-712: `Quitting(address member,uint96 least,uint64 endsAt)`.
    function quit(Quitting calldata q, bytes calldata memberSignature) external;

    /// @notice Takes a dividend from the caller and divides it with whatever else came in. The cost does not depend on
    /// how many holders there are.
    /// @param amount Sent with the call, or approved if the currency is a token.
    function deposit(uint256 amount) external payable;

    /// @notice Divides what came in. Anyone may: money that was sent here plainly becomes a dividend by it. What does not
    /// divide by the supply stays, and is divided with what comes next.
    function collect() external;

    /// @notice Adds to the reserve, which leaves only by {quit} and by a winding-up.
    /// @param amount Sent with the call, or approved if the currency is a token.
    function endow(uint256 amount) external payable;

    /// @notice Sends a payee its dividends, and its part of the reserve if it left. Anyone may call it.
    function withdraw(address payee) external;

    /// @notice Sends what the caller is owed to another address: for a payee that cannot receive.
    function withdrawTo(address to) external;

    /// @notice Asks the holders. Who asks had more than a hundredth of all votes a second ago.
    /// @param proposer Who asks.
    /// @param kind What about.
    /// @param value Cap: 1 to twice the cap; it will be no less than the supply. Registrar: an address. WindUp: zero.
    /// @param endsAt Last moment to carry it, unix seconds.
    /// @param proposerSignature Of the proposer, EIP-712: `Proposal(uint8 kind,uint160 value,uint256 nonce,uint64 endsAt)` with its
    /// next nonce ({nonces}); empty if it calls.
    /// @return number Counts from 1.
    function propose(address proposer, Kind kind, uint160 value, uint64 endsAt, bytes calldata proposerSignature)
        external
        returns (uint256 number);

    /// @notice Counts the votes of a voter for a motion, as they were when it was proposed. It cannot be taken back.
    /// @param number The motion.
    /// @param voter A holder, or whom holders delegated to.
    /// @param voterSignature Of the voter, EIP-712: `Support(uint256 number)`; empty if it calls.
    function support(uint256 number, address voter, bytes calldata voterSignature) external;

    /// @notice Does what was carried: more than half of all votes, after {VOTING} and {DELAY}, within {GRACE}. Anyone may.
    function execute(uint256 number) external;

    /// @notice What an address is to the register, and how many contributions it made: the number of its next one.
    function entryOf(address who) external view returns (Standing standing, uint256 contributions);

    /// @notice Whether a nullifier has entered.
    function entered(bytes32 nullifier) external view returns (bool);

    /// @notice What a payee could take now.
    function owed(address payee) external view returns (uint256);

    /// @notice Registrar, cap, number of motions, and whether the company was wound up.
    function rules() external view returns (Rules memory);

    /// @notice What those who leave get a part of.
    function reserve() external view returns (uint256);

    /// @notice What dividends and the reserve are in: zero is the chain's own money, else an ERC-20 token.
    function currency() external view returns (address);

    /// @notice A motion. All zero if there is none.
    function motion(uint256 number) external view returns (Motion memory);
}
