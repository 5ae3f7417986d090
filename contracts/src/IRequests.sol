// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Offer} from "./IExchange.sol";

// Requests are signed and carried, not stored: their fields stand as they are read.
// solhint-disable gas-struct-packing

/// @notice What a buyer looks for, and what it puts up for it. Its hash is its EIP-712 digest.
/// @param buyer Gets the licences, and what is left.
/// @param currency Zero is the chain's own money, else an ERC-20 token.
/// @param price The most that one answer may cost. Below 2^96.
/// @param answers How many are taken at most; at least one.
/// @param criteriaHash Hash of what is looked for.
/// @param endsAt Last moment to accept, unix seconds.
/// @param notice Seconds that the deposit stays after a cancellation. See {IRequests-MAX_NOTICE}.
/// @param salt Makes requests of the same content differ.
struct Request {
    address buyer;
    address currency;
    uint256 price;
    uint32 answers;
    bytes32 criteriaHash;
    uint64 endsAt;
    uint32 notice;
    uint256 salt;
}

/// @notice A seller's offer that answers a request, and what the buyer takes it with.
/// @param offer At a fixed price, in the currency of the request, for the Requests contract as its taker.
/// @param signature The seller's, of the offer.
/// @param keyX The buyer's public key for this trade alone, a point of bn254 G1.
/// @param keyY The same.
/// @param hpkeHash keccak256 of the buyer's HPKE public key.
struct Answer {
    Offer offer;
    bytes signature;
    uint256 keyX;
    uint256 keyY;
    bytes32 hpkeHash;
}

// solhint-enable gas-struct-packing

/// @notice What the chain keeps of a request.
/// @param left What is left of the deposit.
/// @param answers How many answers can still be taken.
/// @param closesAt Last moment to accept, unix seconds; zero if there is no such request.
struct Deposit {
    uint128 left;
    uint32 answers;
    uint40 closesAt;
}

/// @title IRequests
/// @notice Requests for data with a deposit, which sellers' signed offers answer. The buyer accepts; the Exchange fills.
interface IRequests {
    /// @notice A request was funded.
    event Opened(bytes32 indexed requestId, Request request);
    /// @notice An answer was taken and is a trade of the Exchange now.
    event Accepted(bytes32 indexed requestId, bytes32 indexed tradeId, uint256 price);
    /// @notice The buyer gave notice: answers are taken until `closesAt`.
    event Closing(bytes32 indexed requestId, uint256 closesAt);
    /// @notice What was left is owed to the buyer.
    event Closed(bytes32 indexed requestId, uint256 left);

    /// @notice The request was opened before.
    error AlreadyOpened(bytes32 requestId);
    /// @notice `signer` did not sign this.
    error BadSignature(address signer);
    /// @notice No buyer, no answers, a price of 2^96 or more, a notice or an end that is too far away or over.
    error BadRequest();
    /// @notice The request ends no later without this.
    error EndsAnyway(uint256 closesAt);
    /// @notice As many answers were taken as were asked for, or nothing is left.
    error NoneLeft(bytes32 requestId);
    /// @notice The answer is not for this contract as its taker, in another currency, costs more, or has no fixed price.
    error NotAnAnswer();
    /// @notice There is no such request.
    error NoSuchRequest(bytes32 requestId);
    /// @notice Answers are taken until `closesAt`.
    error TooEarly(uint256 closesAt);
    /// @notice Answers were taken until `closesAt`.
    error TooLate(uint256 closesAt);

    /// @notice Pays price · answers for a request. Anyone may; it is the buyer's then.
    /// @return requestId What {hashRequest} says.
    function open(Request calldata request) external payable returns (bytes32 requestId);

    /// @notice Takes an answer: fills the offer in the Exchange from the deposit. By the buyer, or by anyone with its signature
    /// of `Accept(bytes32 requestId,bytes32 offerHash,uint256 keyX,uint256 keyY,bytes32 hpkeHash)`, until the request closes.
    /// @dev The price is fixed, so the same acceptance would be the same trade: it is good once.
    /// @param signature The buyer's, or empty if it calls itself.
    /// @return tradeId The trade's, in the Exchange. A refund of it goes to the buyer there.
    function accept(Request calldata request, Answer calldata answer, bytes calldata signature)
        external
        returns (bytes32 tradeId);

    /// @notice Gives notice: the request closes when `notice` is over. By the buyer, or by anyone with its signature of
    /// `CancelRequest(bytes32 requestId)`.
    function cancel(Request calldata request, bytes calldata signature) external;

    /// @notice Owes the buyer what is left, once the request is closed. Anyone may.
    function close(Request calldata request) external;

    /// @notice What the chain keeps of a request.
    function deposit(bytes32 requestId) external view returns (Deposit memory);

    /// @notice The EIP-712 digest of a request.
    function hashRequest(Request calldata request) external view returns (bytes32 requestId);

    /// @notice The Exchange that fills.
    function exchange() external view returns (address);
}
