// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Domain} from "./Domain.sol";
import {IExchange, Offer} from "./IExchange.sol";
import {IPause} from "./IPause.sol";
import {Answer, Deposit, IRequests, Request} from "./IRequests.sol";
import {Ledger} from "./Ledger.sol";
import {Money} from "./Money.sol";
import {Signatures} from "./Signatures.sol";

/// @title Requests
/// @notice Requests for data with a deposit, which sellers' signed offers answer. The buyer accepts; the Exchange fills.
/// @dev Invariants, for each currency:
/// - what is left of all deposits and what is owed add up to no more than what is here;
/// - a deposit goes to offers that its buyer accepted, each once and at no more than the price, and what is left to the buyer;
/// - it is there for sellers until the end, or until the notice is over, and can be taken back after;
/// - a pause stops new requests and, in the Exchange, new fills; it never stops a notice or the way out.
/// This contract has no rights in the Exchange: it pays like anyone whom an order names as its taker.
contract Requests is IRequests, Ledger, Domain {
    using SafeERC20 for IERC20;

    /// @notice Longest notice, in seconds.
    uint256 public constant MAX_NOTICE = 90 days;
    /// @notice Latest end from the opening, in seconds.
    uint256 public constant MAX_TIME = 730 days;

    bytes32 private constant REQUEST_TYPEHASH = keccak256(
        "Request(address buyer,address currency,uint256 price,uint32 answers,bytes32 criteriaHash,uint64 endsAt,uint32 notice,uint256 salt)"
    );
    bytes32 private constant ACCEPT_TYPEHASH =
        keccak256("Accept(bytes32 requestId,bytes32 offerHash,uint256 keyX,uint256 keyY,bytes32 hpkeHash)");
    bytes32 private constant CANCEL_TYPEHASH = keccak256("CancelRequest(bytes32 requestId)");

    IExchange private immutable EXCHANGE;
    IPause private immutable PAUSE;

    mapping(bytes32 requestId => Deposit) private _deposits;

    /// @notice There is nothing else to set, now or later.
    /// @param exchange_ The Exchange that fills.
    /// @param pause Asked before a request is opened; zero if there is none.
    constructor(address exchange_, address pause) {
        EXCHANGE = IExchange(exchange_);
        PAUSE = IPause(pause);
    }

    /// @inheritdoc IRequests
    function open(Request calldata request) external payable returns (bytes32 requestId) {
        if (address(PAUSE) != address(0)) PAUSE.check();
        if (
            request.buyer == address(0) || request.answers == 0 || request.price > type(uint96).max
                || request.notice > MAX_NOTICE || request.endsAt < block.timestamp
                || request.endsAt > block.timestamp + MAX_TIME
        ) revert BadRequest();
        requestId = hashRequest(request);
        if (_deposits[requestId].closesAt != 0) revert AlreadyOpened(requestId);
        uint128 amount = uint128(request.price * request.answers); // below 2^96 · 2^32
        _deposits[requestId] = Deposit(amount, request.answers, uint40(request.endsAt));
        emit Opened(requestId, request);
        Money.take(request.currency, amount);
    }

    /// @inheritdoc IRequests
    function accept(Request calldata request, Answer calldata answer, bytes calldata signature)
        external
        returns (bytes32 tradeId)
    {
        (bytes32 requestId, Deposit storage kept) = _opened(request);
        if (block.timestamp > kept.closesAt) revert TooLate(kept.closesAt);
        Offer calldata offer = answer.offer;
        uint256 price = offer.price;
        if (
            offer.taker != address(this) || offer.currency != request.currency || price > request.price
                || price != offer.floor
        ) revert NotAnAnswer();
        _checkBuyer(request, _hashAccept(requestId, answer), signature);
        if (kept.answers == 0) revert NoneLeft(requestId);

        --kept.answers;
        kept.left -= uint128(price); // at most the price of one of the answers that were left
        uint256 valueWei = price;
        if (offer.currency != address(0)) {
            valueWei = 0;
            IERC20(offer.currency).forceApprove(address(EXCHANGE), price);
        }
        tradeId = EXCHANGE.fill{value: valueWei}(
            offer, answer.signature, request.buyer, answer.keyX, answer.keyY, answer.hpkeHash, ""
        );
        emit Accepted(requestId, tradeId, price);
    }

    /// @inheritdoc IRequests
    function cancel(Request calldata request, bytes calldata signature) external {
        (bytes32 requestId, Deposit storage kept) = _opened(request);
        uint256 closesAt = block.timestamp + request.notice;
        if (closesAt >= kept.closesAt) revert EndsAnyway(kept.closesAt);
        _checkBuyer(request, keccak256(abi.encode(CANCEL_TYPEHASH, requestId)), signature);
        kept.closesAt = uint40(closesAt);
        emit Closing(requestId, closesAt);
    }

    /// @inheritdoc IRequests
    function close(Request calldata request) external {
        (bytes32 requestId, Deposit storage kept) = _opened(request);
        if (block.timestamp <= kept.closesAt) revert TooEarly(kept.closesAt);
        uint256 left = kept.left;
        if (left == 0) revert NoneLeft(requestId);
        kept.left = 0;
        _owe(request.currency, request.buyer, left);
        emit Closed(requestId, left);
    }

    /// @inheritdoc IRequests
    function deposit(bytes32 requestId) external view returns (Deposit memory) {
        return _deposits[requestId];
    }

    /// @inheritdoc IRequests
    function exchange() external view returns (address) {
        return address(EXCHANGE);
    }

    /// @inheritdoc IRequests
    function hashRequest(Request calldata request) public view returns (bytes32) {
        // Every field is static, so the struct is its own EIP-712 encoding.
        return _digest(keccak256(abi.encode(REQUEST_TYPEHASH, request)));
    }

    function _opened(Request calldata request) private view returns (bytes32 requestId, Deposit storage kept) {
        requestId = hashRequest(request);
        kept = _deposits[requestId];
        if (kept.closesAt == 0) revert NoSuchRequest(requestId);
    }

    /// @dev Reverts unless the buyer calls or signed.
    function _checkBuyer(Request calldata request, bytes32 structHash, bytes calldata signature) private view {
        if (msg.sender == request.buyer) return;
        if (!Signatures.signed(request.buyer, _digest(structHash), signature)) revert BadSignature(request.buyer);
    }

    function _hashAccept(bytes32 requestId, Answer calldata answer) private view returns (bytes32) {
        bytes32 offerHash = EXCHANGE.hashOffer(answer.offer);
        return keccak256(
            abi.encode(ACCEPT_TYPEHASH, requestId, offerHash, answer.keyX, answer.keyY, answer.hpkeHash)
        );
    }
}
