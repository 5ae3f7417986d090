// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "./ILedger.sol";

/// @notice Where a posting is. All but Posted, Disputed and Settled are final.
enum State {
    None, // never posted
    Posted, // may be disputed
    Disputed, // waits for a decision
    Settled, // is claimed
    Rejected, // was decided against, or not in time
    Superseded, // another was settled for its week and currency first
    Closed // what was not claimed was returned
}

/// @notice One list of who earned what in a week, by the root of its Merkle tree.
/// @param root Of leaves keccak256(keccak256(abi.encode(uint256 index, address account, uint256 amount))), pairs sorted.
/// @param currency Voice, zero for the chain's coin, or an ERC-20 token.
/// @param left Not claimed yet; zero before it is settled.
/// @param poster Who posted it.
/// @param turnAt When it came to this state, unix seconds.
/// @param week Weeks of 7 days since 1970-01-01T00:00Z.
/// @param state Where it is.
/// @param disputer Who disputed it, or zero.
/// @param total All that its leaves may take.
struct Posting {
    bytes32 root;
    address currency;
    uint96 left;
    address poster;
    uint48 turnAt;
    uint32 week;
    State state;
    address disputer;
    uint96 total;
}

/// @title IRewards
/// @notice Pays a week's work by a list that anyone posts with a bond and anyone disputes with a bond.
/// @dev Times are unix seconds. The list itself is published elsewhere; its hash is in {PostedRoot}.
interface IRewards is ILedger {
    /// @notice Money was put in for a week's work.
    event Funded(uint256 indexed week, address indexed currency, address indexed from, uint256 amount);
    /// @notice A list was posted. `listHash` is the hash of the published list.
    event PostedRoot(
        uint256 indexed id,
        uint256 indexed week,
        address indexed currency,
        address poster,
        bytes32 root,
        uint256 total,
        bytes32 listHash
    );
    /// @notice A list was disputed. `reasonHash` is the hash of the published reason.
    event DisputedRoot(uint256 indexed id, address indexed disputer, bytes32 indexed reasonHash);
    /// @notice A judge decided. The winner is owed its bond and half of the other's, the treasury the rest.
    event Decided(uint256 indexed id, address indexed judge, bool right);
    /// @notice Nobody decided in time: both are owed their own bond, and the list is worth nothing.
    event Expired(uint256 indexed id);
    /// @notice The list is claimed from now on. `returned` of the week's money was not on it.
    event SettledRoot(uint256 indexed id, uint256 total, uint256 returned);
    /// @notice Another list was settled first: the bond is owed back.
    event SupersededRoot(uint256 indexed id);
    /// @notice A leaf was paid.
    event Claimed(uint256 indexed id, uint256 index, address indexed account, address indexed to, uint256 amount);
    /// @notice What was not claimed in a year was returned: voice is destroyed, other money is owed to the treasury.
    event Returned(uint256 indexed id, uint256 amount);
    /// @notice Money of a week without a settled list is owed to the treasury.
    event Reclaimed(uint256 indexed week, address indexed currency, uint256 amount);
    /// @notice Another panel, or none if it is zero.
    event PanelSet(address indexed panel);

    /// @notice The leaf was claimed before.
    error AlreadyClaimed(uint256 id, uint256 index);
    /// @notice The money of this week and currency was given out, or back.
    error AlreadySettled(uint256 week, address currency);
    /// @notice The voice's cap is below what the registry may ever let a week earn.
    error CapTooLow(uint256 cap, uint256 most);
    /// @notice Less is left of the list than the leaf takes: it is not settled, it is closed, or it promised too much.
    error NotEnoughLeft(uint256 id, uint256 left);
    /// @notice Voice is made, not put in.
    error NotFundable();
    /// @notice The caller is neither governance nor the panel.
    error NotJudge(address caller);
    /// @notice The caller is not governance.
    error NotGovernance(address caller);
    /// @notice The proof does not lead from this leaf to the root.
    error NotListed(uint256 id, uint256 index);
    /// @notice Nothing is no payment.
    error NothingToPay();
    /// @notice The list takes more than the week has.
    error OverEmission(uint256 total, uint256 most);
    /// @notice Not before this moment has passed.
    error TooEarly(uint256 until);
    /// @notice The last moment has passed.
    error TooLate(uint256 endedAt);
    /// @notice Weeks too far ahead: the money would be locked.
    error TooFarAhead(uint256 week);
    /// @notice The posting is not in the state that this needs.
    error WrongState(uint256 id, State state);

    /// @notice Puts in money for a week's work. Anyone may; the treasury does it by a vote.
    /// @param week At most {MAX_AHEAD} weeks from now.
    /// @param currency Zero for coin, or an ERC-20 token that takes no fee. Not voice.
    function fund(uint32 week, address currency, uint128 amount) external payable;

    /// @notice Posts a list for a week that is over, with the bond. Anyone may, as often as it likes.
    /// @param total At most {emission}.
    /// @param listHash Hash of the published list.
    function post(uint32 week, address currency, bytes32 root, uint96 total, bytes32 listHash)
        external
        payable
        returns (uint256 id);

    /// @notice Disputes a list, with the bond, within {CHALLENGE_SECONDS}. Anyone may.
    /// @param reasonHash Hash of the published reason.
    function dispute(uint256 id, bytes32 reasonHash) external payable;

    /// @notice Decides a dispute, within {DECIDE_SECONDS}: who is right is owed both bonds. Governance or the panel.
    /// @param right Whether the list is right; then it is settled.
    function decide(uint256 id, bool right) external;

    /// @notice Ends a dispute that nobody decided in time. Anyone may.
    function expire(uint256 id) external;

    /// @notice Settles a list that nobody disputed in time. Anyone may.
    function settle(uint256 id) external;

    /// @notice Pays a leaf to its account. Anyone may carry it; an account that refuses harms itself alone.
    function claim(uint256 id, uint256 index, address account, uint96 amount, bytes32[] calldata proof) external;

    /// @notice Pays a leaf of the caller to another address.
    function claimTo(uint256 id, uint256 index, uint96 amount, bytes32[] calldata proof, address to) external;

    /// @notice Returns what was not claimed within {CLAIM_SECONDS}. Anyone may.
    function close(uint256 id) external;

    /// @notice Returns the money of a week for which no list was settled within {RECLAIM_SECONDS}. Anyone may.
    function reclaim(uint32 week, address currency) external;

    /// @notice Sets another panel, zero for none. Only governance.
    function setPanel(address newPanel) external;

    /// @notice A posting.
    function posting(uint256 id) external view returns (Posting memory);

    /// @notice Whether a leaf was claimed.
    function claimed(uint256 id, uint256 index) external view returns (bool);

    /// @notice Most that a list of this week may take: the registry's emission of voice, or the money that was put in.
    function emission(uint32 week, address currency) external view returns (uint256);

    /// @notice The posting that was settled for a week, zero if none was.
    function settledBy(uint32 week, address currency) external view returns (uint256 id);

    /// @notice Who decides disputes beside governance, or zero.
    function panel() external view returns (address);

    /// @notice What a post and a dispute each deposit, wei of coin.
    function BOND() external view returns (uint256);

    /// @notice The week of the deployment: no earlier one is paid.
    function FIRST_WEEK() external view returns (uint256);
}
