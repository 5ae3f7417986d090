// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVerdict} from "./IVerdict.sol";

/// @notice None: not opened. Open: sold. Closed: no more sold. Ended: nothing more can happen, or it never will be opened.
enum IssueState {
    None,
    Open,
    Closed,
    Ended
}

/// @notice None: the token can move. Demanded: the creator is due. Contested: the panel is due. Upheld, Broken: it decided.
enum Demand {
    None,
    Demanded,
    Contested,
    Upheld,
    Broken
}

// Terms are signed and carried, not stored: their fields stand as they are read.
// solhint-disable gas-struct-packing

/// @notice What an issue is for good. Its ID is the EIP-712 hash of this, but for the low 16 bits.
/// @param creator Who issues, signs, and must honour.
/// @param currency Of price, stake and compensation: zero is the chain's own money, any other an ERC-20 token.
/// @param price Of one token.
/// @param supply How many tokens there will ever be.
/// @param patientsBps The patients' part of each first sale and of each royalty, of 10,000.
/// @param patientsTotal Sum of all weights under `patientsRoot`.
/// @param saleEndsAt Last moment to buy, unix seconds.
/// @param until Last moment to demand a right, unix seconds.
/// @param honourWithin Seconds from a demand to when it must be honoured or contested.
/// @param panel Who decides a contested demand; zero: none can be contested.
/// @param contentCommitment Salted commitment to the process, algorithm, model or text.
/// @param termsHash Salted hash of the text.
/// @param rightsHash keccak256(abi.encode(rights)).
/// @param patientsRoot Root of the patients' tree of sums: see {ITill-claim}.
/// @param salt Makes issues of the same content differ.
struct Terms {
    address creator;
    address currency;
    uint96 price;
    uint16 supply;
    uint16 patientsBps;
    uint64 patientsTotal;
    uint64 saleEndsAt;
    uint64 until;
    uint32 honourWithin;
    address panel;
    bytes32 contentCommitment;
    bytes32 termsHash;
    bytes32 rightsHash;
    bytes32 patientsRoot;
    uint256 salt;
}

// solhint-enable gas-struct-packing

/// @notice A right that each token of an issue has.
/// @param textHash Salted hash of its text: "one consultation", "use of the model".
/// @param compensation What the holder is owed out of the creator's stake if it is not honoured.
/// @param once Whether honouring it uses it up.
struct Right {
    bytes32 textHash;
    uint96 compensation;
    bool once;
}

/// @notice What the chain keeps of an issue, beside its till: one slot.
/// @param state What can happen.
/// @param rights How many rights each token has.
/// @param sold Tokens that there are.
/// @param demands Tokens with a demand that is not settled.
/// @param bonded The creator's stake that is held for it.
struct Issue {
    IssueState state;
    uint8 rights;
    uint16 sold;
    uint16 demands;
    uint128 bonded;
}

/// @notice A token: one slot.
/// @param owner Who holds it.
/// @param nonce Transfers, permits used and demands.
/// @param spent A bit for each right that is used up.
/// @param right Which one is demanded.
/// @param demand Where that demand stands.
/// @param dueAt Last moment for who is, or was, due, unix seconds; zero after a compensation.
// solhint-disable-next-line gas-struct-packing
struct Token {
    address owner;
    uint24 nonce;
    uint16 spent;
    uint8 right;
    Demand demand;
    uint40 dueAt;
}

/// @title ICreators
/// @notice A creator issues a fixed number of tokens with rights, against stake and reputation; its patients share in it.
interface ICreators is IVerdict {
    /// @notice An issue was opened. All that it is is here, so that a lost copy can lock nothing.
    event Opened(uint256 indexed issueId, address indexed creator, address till, Terms terms, Right[] rights);
    /// @notice A token was sold for the first time.
    event Sold(uint256 indexed issueId, uint256 indexed tokenId, address indexed buyer, uint256 price);
    /// @notice No more tokens of the issue will be sold; `unsold` never come to be.
    event Closed(uint256 indexed issueId, uint256 unsold);
    /// @notice The issue is over, and the rest of its stake is free.
    event Ended(uint256 indexed issueId, uint256 freed);
    /// @notice A creator's stake grew.
    event Staked(address indexed creator, address indexed currency, address indexed payer, uint256 amount);
    /// @notice Free stake is owed to its creator.
    event Unstaked(address indexed creator, address indexed currency, uint256 amount);
    /// @notice A holder demands a right, which is due until `dueAt`, unix seconds.
    event Demanded(uint256 indexed tokenId, address indexed holder, uint256 right, uint256 nonce, uint64 dueAt);
    /// @notice The creator says that it honoured, or need not. The panel is due until `dueAt`, unix seconds.
    event Contested(bytes32 indexed caseId, uint256 indexed tokenId, address indexed panel, bytes32 evidenceHash, uint64 dueAt);
    /// @notice The panel decided.
    event Decided(bytes32 indexed caseId, bool right);
    /// @notice A right was honoured: the holder's receipt, or the panel, says so.
    event Honoured(uint256 indexed tokenId, uint256 right);
    /// @notice A right was not honoured, and its holder is owed out of the creator's stake.
    event Compensated(uint256 indexed tokenId, uint256 right, address indexed holder, uint256 amount);
    /// @notice The issue was opened or cancelled before.
    error AlreadyOpened(uint256 issueId);
    /// @notice `signer` neither calls nor signed this.
    error BadSignature(address signer);
    /// @notice The terms are out of bounds: see {open}.
    error BadTerms();
    /// @notice The rights are not those of the terms, or none, or too many.
    error BadRights();
    /// @notice The moment was this one, unix seconds.
    error TooLate(uint256 lastAt);
    /// @notice Not until after this moment, unix seconds.
    error TooEarly(uint256 lastAt);
    /// @notice Tokens of the issue have demands that are not settled.
    error DemandsOpen(uint256 count);
    /// @notice A demand of this token is not settled: it cannot move, nor be demanded of, nor its owner permit.
    error DemandOpen(uint256 tokenId);
    /// @notice The caller is neither owner nor approved.
    error NotApproved(uint256 tokenId, address caller);
    /// @notice The token has no demand in the state for this.
    error NotDemanded(uint256 tokenId, Demand demand);
    /// @notice The token is not one of this issue, or does not exist.
    error NotInIssue(uint256 tokenId);
    /// @notice `from` does not own the token.
    error NotOwner(uint256 tokenId, address from);
    /// @notice Only the panel of the case may do this.
    error NotPanel(address caller);
    /// @notice The token does not exist.
    error NoSuchToken(uint256 tokenId);
    /// @notice The issue named no panel.
    error NoPanel();
    /// @notice An amount is more than zero.
    error Nothing();
    /// @notice The creator's promises would be more than attesters trust it with.
    error OverReputation(uint256 promises, uint256 reputation);
    /// @notice There is less free stake than this.
    error OverStake(uint256 amount, uint256 free);
    /// @notice The right is used up, or there is no such right.
    error Spent(uint256 tokenId, uint256 right);
    /// @notice All are sold.
    error SoldOut(uint256 issueId);
    /// @notice The issue is in another state.
    error WrongState(uint256 issueId, IssueState state);
    /// @notice The zero address owns and receives nothing.
    error ZeroAddress();

    /// @notice Opens an issue: its stake is bound, its promises count. Anyone may carry it and pay the gas.
    /// @dev The creator calls, or signed `Issue(address creator,address currency,uint96 price,uint16 supply,uint16 patientsBps,
    /// uint64 patientsTotal,uint64 saleEndsAt,uint64 until,uint32 honourWithin,address panel,bytes32 contentCommitment,
    /// bytes32 termsHash,bytes32 rightsHash,bytes32 patientsRoot,uint256 salt)` (EIP-712 or ERC-1271).
    /// Bounds: a supply; patientsBps from {PATIENTS_FLOOR_BPS} to 10,000, a total and a root; now ≤ saleEndsAt ≤ until ≤
    /// now + {MAX_TIME}; honourWithin from {MIN_WINDOW} to {MAX_WINDOW}; 1 to {MAX_RIGHTS} rights, whose compensations
    /// together are at least {BOND_FLOOR_BPS} of the price.
    /// @param attesters Whose words count: see {IReputation-weightOf}. They must last until `until` + honourWithin +
    /// {PANEL_SECONDS}: then the last demand is settled.
    function open(Terms calldata terms, Right[] calldata rights, address[] calldata attesters, bytes calldata signature)
        external
        returns (uint256 issueId);

    /// @notice Buys the next token for `buyer`, at the price, which is owed to the issue's till. The caller pays.
    function buy(Terms calldata terms, address buyer) external payable returns (uint256 tokenId);

    /// @notice Ends the sale: the creator at any time, anyone after saleEndsAt. An issue that was not opened never will be.
    /// @dev The creator calls, or signed `Close(uint256 issueId)`. The stake of what was not sold is free.
    function close(Terms calldata terms, Right[] calldata rights, bytes calldata signature) external;

    /// @notice Ends an issue after `until`, when no demand is open: the rest of its stake is free. Anyone may.
    function end(Terms calldata terms) external;

    /// @notice Adds to a creator's free stake. Anyone may; it is the creator's then.
    function stake(address creator, address currency, uint128 amount) external payable;

    /// @notice Owes free stake to its creator, which takes it by {ILedger-withdraw}.
    /// @dev The creator calls, or signed `Unstake(address currency,uint256 amount,uint256 nonce,uint256 deadline)`, the nonce of
    /// {unstakes}.
    /// @param deadline Last moment to carry it, unix seconds; not looked at if the creator calls.
    function unstake(address creator, address currency, uint256 amount, uint256 deadline, bytes calldata signature)
        external;

    /// @notice Demands a right of a token. Until that is settled the token stays where it is.
    /// @dev The holder calls, or signed `Demand(uint256 tokenId,uint256 right,uint256 nonce,uint256 deadline)`. A right that
    /// honouring does not use up waits until the token's last demand that was honoured would have been due.
    /// @param deadline Last moment to carry it, unix seconds; not looked at if the holder calls.
    function demand(
        Terms calldata terms,
        Right[] calldata rights,
        uint256 tokenId,
        uint256 right,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Says that a right was honoured, demanded or not. Once-only ones are used up, and their stake is free.
    /// @dev The holder calls, or signed `Receipt(uint256 tokenId,uint256 right,uint256 nonce)`.
    function honour(
        Terms calldata terms,
        Right[] calldata rights,
        uint256 tokenId,
        uint256 right,
        bytes calldata signature
    ) external;

    /// @notice Brings a demand before the panel: the creator says that it honoured, or need not.
    /// @dev The creator calls, or signed `Contest(bytes32 caseId,bytes32 evidenceHash)`.
    /// @param evidenceHash Salted hash of what the panel will be shown.
    function contest(Terms calldata terms, uint256 tokenId, bytes32 evidenceHash, bytes calldata signature)
        external
        returns (bytes32 caseId);

    /// @notice Ends a demand that was decided, or whose creator or panel was silent too long: compensation, but for one
    /// that the panel upheld. Anyone may.
    function settle(Terms calldata terms, Right[] calldata rights, uint256 tokenId) external;

    /// @notice Lets `spender` move the token: the owner signs, anyone carries it (ERC-4494).
    /// @dev As {IAssets-permit}; a demand voids it too, and while one is open there is none.
    function permit(address spender, uint256 tokenId, uint256 deadline, bytes calldata signature) external;

    /// @notice Whether `who` holds this token and can demand or use this right of it now.
    function holds(Terms calldata terms, uint256 tokenId, uint256 right, address who) external view returns (bool);

    /// @notice What the chain keeps of an issue.
    function issue(uint256 issueId) external view returns (Issue memory);

    /// @notice What the chain keeps of a token.
    function token(uint256 tokenId) external view returns (Token memory);

    /// @notice The nonce of a token (ERC-4494): what demands, receipts and permits sign.
    function nonces(uint256 tokenId) external view returns (uint256);

    /// @notice A creator's stake that no issue holds.
    function freeStake(address creator, address currency) external view returns (uint256);

    /// @notice How often a creator unstaked: the nonce of the next.
    function unstakes(address creator) external view returns (uint256);

    /// @notice Promises that a creator has out: supply times rights, of what is not ended.
    function promisesOf(address creator) external view returns (uint256);

    /// @notice Where what an issue earns goes: royalties at once, what first sales brought by {ILedger-withdraw}.
    function tillOf(uint256 issueId) external view returns (address);

    /// @notice The case of a token's demand, with the token's nonce of now: keccak256(abi.encode(tokenId, nonce)).
    function caseOf(uint256 tokenId) external view returns (bytes32 caseId);

    /// @notice The ID of an issue. Its tokens are this plus 1 to supply.
    function issueOf(Terms calldata terms) external view returns (uint256 issueId);

    /// @notice The EIP-712 digest that the creator signs.
    function hashIssue(Terms calldata terms) external view returns (bytes32);

    /// @notice The EIP-712 domain separator in force, by the name that ERC-4494 gives it.
    function DOMAIN_SEPARATOR() external view returns (bytes32); // solhint-disable-line func-name-mixedcase

    /// @notice Least part of sales and royalties that is the patients', of 10,000.
    function PATIENTS_FLOOR_BPS() external view returns (uint256);

    /// @notice Least compensation of all rights together, of 10,000 of the price.
    function BOND_FLOOR_BPS() external view returns (uint256);

    /// @notice Most rights of a token.
    function MAX_RIGHTS() external view returns (uint256);

    /// @notice Shortest time to honour, in seconds.
    function MIN_WINDOW() external view returns (uint256);

    /// @notice Longest time to honour, in seconds.
    function MAX_WINDOW() external view returns (uint256);

    /// @notice Time that a panel has to decide, in seconds.
    function PANEL_SECONDS() external view returns (uint256);

    /// @notice Longest time from the opening to `until`, in seconds.
    function MAX_TIME() external view returns (uint256);
}
