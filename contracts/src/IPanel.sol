// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "./IAssets.sol";
import {Offer, Purchase} from "./IExchange.sol";

/// @notice What the chain keeps of a member: one slot.
/// @param bond What stands here for it, in the panel's currency.
/// @param freeAt It is in no case that is opened later, unix seconds; zero while it serves.
/// @param term How often its bond came or went: a signature to serve or to resign is for one term.
/// @param open Cases that it is in and that are not closed.
/// @param number Its place among the members, from 1; zero is no member.
struct Seat {
    uint128 bond;
    uint40 freeAt;
    uint16 term;
    uint32 open;
    uint8 number;
}

/// @notice What the chain keeps of a case: two slots. Sets of members have the bit number - 1 for each.
/// @param seller A party.
/// @param until Last moment to vote, unix seconds; zero if there is no such case.
/// @param members Who may vote.
/// @param forBuyer Who voted for the buyer.
/// @param forSeller Who voted for the seller.
/// @param closed Whether fee and penalties are settled.
/// @param buyer The other party.
struct Case {
    address seller;
    uint40 until;
    uint16 members;
    uint16 forBuyer;
    uint16 forSeller;
    bool closed;
    address buyer;
}

/// @title IPanel
/// @notice Bonded people who decide trades of the Exchange whose offers name them.
interface IPanel {
    /// @notice `amount` more stands for a member.
    event Bonded(address indexed member, uint256 amount);
    /// @notice The member is in no case that is opened after `freeAt`, unix seconds.
    event Leaving(address indexed member, uint256 freeAt);
    /// @notice The member is owed its bond.
    event Left(address indexed member, uint256 amount);
    /// @notice A case was opened, for this set of members to vote on until `until`.
    event Opened(bytes32 indexed tradeId, address indexed seller, address indexed buyer, uint16 members, uint64 until);
    /// @notice A member voted.
    event Voted(bytes32 indexed tradeId, address indexed member, bool forBuyer);
    /// @notice `payee` is owed `amount` more, of a case.
    event Credited(bytes32 indexed tradeId, address indexed payee, uint256 amount);
    /// @notice A silent member lost a part of its bond.
    event Fined(bytes32 indexed tradeId, address indexed member, uint256 amount);
    /// @notice Fee and penalties of a case are settled.
    event Closed(bytes32 indexed tradeId);

    /// @notice The case is closed.
    error AlreadyClosed(bytes32 tradeId);
    /// @notice The member's bond is whole.
    error AlreadyBonded(address member);
    /// @notice The member is leaving already.
    error AlreadyLeaving(address member);
    /// @notice The member voted before.
    error AlreadyVoted(bytes32 tradeId, address member);
    /// @notice `signer` did not sign this.
    error BadSignature(address signer);
    /// @notice No member or more than {MAX_MEMBERS}, one twice or zero, no majority, no penalty, or an amount of 2^128 or more.
    error BadPanel();
    /// @notice The member is in a case that is not closed.
    error InACase(address member);
    /// @notice Only the Exchange opens a case.
    error NotExchange(address caller);
    /// @notice The account is no member, or not in this case.
    error NotMember(address account);
    /// @notice The member has not resigned.
    error NotLeaving(address member);
    /// @notice There is no such case.
    error NoSuchCase(bytes32 tradeId);
    /// @notice No side has as many votes as it takes.
    error NoVerdict(bytes32 tradeId);
    /// @notice `able` members could vote, of `threshold` that it takes.
    error TooFew(uint256 able, uint256 threshold);
    /// @notice It is too early: wait until `until` is over.
    error TooEarly(uint256 until);
    /// @notice It is too late: the time ended at `until`.
    error TooLate(uint256 until);

    /// @notice Puts up what is missing of a member's bond. The caller pays; it is the member's then. By the member, or by
    /// anyone with its signature of `Serve(uint256 term)`.
    /// @param signature The member's, or empty if it calls itself.
    function bond(address member, bytes calldata signature) external payable;

    /// @notice Ends a member's service: {UNBONDING} later it is in no new case. By the member, or by anyone with its signature
    /// of `Resign(uint256 term)`.
    function resign(address member, bytes calldata signature) external;

    /// @notice Owes a member that left its bond, once all its cases are closed. Anyone may.
    function free(address member) external;

    /// @notice Takes a case, or reverts. By the Exchange, when a buyer disputes.
    /// @dev In the case are all members who serve, have a whole penalty left and are no party.
    /// @param tradeId The trade's, in the Exchange.
    /// @param payer Who pays the panel's fee: coin comes with the call, a token is taken from its allowance to the panel.
    /// @param until Last moment for the verdict in the Exchange, unix seconds. Votes end {CARRY} before.
    function open(bytes32 tradeId, address seller, address buyer, address payer, uint64 until) external payable;

    /// @notice A member's vote, once a case. By the member, or by anyone with its signature of
    /// `Vote(bytes32 tradeId,bool forBuyer)`.
    /// @param signature The member's, or empty if it calls itself.
    function vote(bytes32 tradeId, address member, bool forBuyer, bytes calldata signature) external;

    /// @notice Takes the verdict to the Exchange, as soon as a side has as many votes as it takes. Anyone may.
    /// @param contentCommitment As entered in Assets; not looked at if the verdict is for the buyer.
    /// @param split The same.
    function carry(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 contentCommitment,
        Share[] calldata split
    ) external;

    /// @notice Settles a case once its time to vote is over: each member that voted is owed its part of the fee, each that did
    /// not loses {penalty}; what is left of the fee is owed to the buyer. Penalties are owed to who voted with the verdict;
    /// without a verdict, and what does not divide, they are nobody's for good. Anyone may.
    function close(bytes32 tradeId) external;

    /// @notice What the chain keeps of a member.
    function seat(address member) external view returns (Seat memory);

    /// @notice What the chain keeps of a case.
    function caseOf(bytes32 tradeId) external view returns (Case memory);

    /// @notice Whether a side has as many votes as it takes, and which.
    function verdict(bytes32 tradeId) external view returns (bool decided, bool forBuyer);

    /// @notice The members. The first has number 1.
    function members() external view returns (address[] memory);

    /// @notice The Exchange whose trades are decided here.
    function exchange() external view returns (address);

    /// @notice What fee and bonds are in: zero is the chain's own money, else an ERC-20 token.
    function currency() external view returns (address);

    /// @notice What a dispute costs.
    function fee() external view returns (uint256);

    /// @notice What stands for each member that serves.
    function wholeBond() external view returns (uint256);

    /// @notice What a silent member loses in a case, if it has as much left.
    function penalty() external view returns (uint256);

    /// @notice How many votes a verdict takes.
    function threshold() external view returns (uint256);
}
