// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Curve} from "../../src/Curve.sol";
import {Domain} from "../../src/Domain.sol";
import {IAssets, Share} from "../../src/IAssets.sol";
import {Delivery} from "../../src/IExchange.sol";
import {ISettlement, Order, State, Trade} from "./ISettlement.sol";
import {KeyBox} from "../../src/KeyBox.sol";
import {Signatures} from "../../src/Signatures.sol";
import {Splits} from "../../src/Splits.sol";

/// @title Settlement
/// @notice Holds the money of an order from its fill until the key is delivered and not disputed, or not delivered.
/// The market before Exchange: no node deploys it. It is here to measure Exchange beside it.
/// @dev Invariants:
/// - what is in escrow and what is owed add up to no more than the balance (more only if someone forces money in);
/// - an order is filled once, and its price is credited once: to the payees or to the buyer;
/// - the credits of an order add up to its price, to the wei;
/// - what is owed to a payee goes down only by as much as is sent for it;
/// - from each state money can leave without the other side, after a time that is known at the fill;
/// - there is no owner, no upgrade and no pause.
/// No function makes an outside call before its last change but to Assets, to the precompiles and, static, to ERC-1271
/// signers: none of them can re-enter a state that is half changed.
contract Settlement is ISettlement, Domain {
    /// @dev Storage of one order: four slots at the fill, a fifth if it is revoked.
    struct Escrow {
        address buyer;
        uint40 filledAt; // unix seconds
        uint24 deliverSeconds; // Filled: how long the seller has; later: how long the seller took
        uint24 disputeSeconds; // zero if it was refunded without a delivery
        State state;
        address seller;
        uint96 priceWei;
        uint256 tokenId;
        bytes32 opening; // what a proof of a wrong key must hash to: the buyer's key, then the delivery on top
        uint40 revokedAt; // unix seconds
    }

    /// @notice Shortest time to deliver or to dispute, in seconds: ten blocks of six seconds.
    uint256 public constant MIN_WINDOW = 1 minutes;
    /// @notice Longest time to deliver or to dispute, in seconds. Fits the 24 bits that it is stored in.
    uint256 public constant MAX_WINDOW = 90 days;

    bytes32 private constant ORDER_TYPEHASH = keccak256(
        "Order(address seller,uint256 tokenId,uint256 priceWei,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,uint64 endsAt,uint32 deliverWithin,uint32 disputeWithin,bytes32 salt)"
    );
    bytes32 private constant DELIVERY_TYPEHASH = keccak256(
        "Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)"
    );
    bytes32 private constant CANCEL_TYPEHASH = keccak256("Cancel(bytes32 orderHash)");
    bytes32 private constant REVOKE_TYPEHASH = keccak256("Revoke(bytes32 orderHash)");

    IAssets private immutable ASSETS;

    mapping(bytes32 orderHash => Escrow) private _escrows;
    mapping(address payee => uint256 amountWei) private _owed;

    /// @notice There is nothing else to set, now or later.
    /// @param assets_ The Assets contract whose tokens are sold here.
    constructor(address assets_) {
        ASSETS = IAssets(assets_);
    }

    /// @inheritdoc ISettlement
    function fill(Order calldata order, bytes calldata sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash)
        external
        payable
        returns (bytes32)
    {
        return _fill(order, sellerSignature, keyX, keyY, hpkeHash);
    }

    /// @inheritdoc ISettlement
    function enterAndFill(
        bytes32 contentCommitment,
        bytes32 parent,
        Share[] calldata split,
        bytes[] calldata signatures,
        Order calldata order,
        bytes calldata sellerSignature,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash
    ) external payable returns (bytes32) {
        if (!ASSETS.entered(order.tokenId)) {
            uint256 tokenId = ASSETS.enter(contentCommitment, parent, split, signatures);
            if (tokenId != order.tokenId) revert WrongAsset();
        }
        return _fill(order, sellerSignature, keyX, keyY, hpkeHash);
    }

    /// @inheritdoc ISettlement
    function deliver(Delivery calldata delivery, bytes calldata sellerSignature) external {
        Escrow storage escrow = _in(State.Filled, delivery.orderHash);
        uint256 dueAt = uint256(escrow.filledAt) + escrow.deliverSeconds;
        if (block.timestamp > dueAt) revert TooLate(uint64(dueAt));
        if (!Curve.isPoint(delivery.ephemeralX, delivery.ephemeralY)) revert BadPoint();
        bytes32 structHash = _hashDelivery(delivery);
        _checkSigned(escrow.seller, _digest(structHash), sellerSignature);

        escrow.state = State.Delivered;
        // Not longer than deliverSeconds was: checked above.
        escrow.deliverSeconds = uint24(block.timestamp - escrow.filledAt);
        escrow.opening = keccak256(abi.encode(escrow.opening, structHash));
        emit Delivered(
            delivery.orderHash, delivery.grantHash, delivery.ephemeralX, delivery.ephemeralY, delivery.masked
        );
    }

    /// @inheritdoc ISettlement
    function release(bytes32 orderHash, bytes32 contentCommitment, Share[] calldata split) external {
        Escrow storage escrow = _in(State.Delivered, orderHash);
        if (msg.sender != escrow.buyer) {
            uint256 dueAt = _disputeDueAt(escrow);
            if (block.timestamp <= dueAt) revert TooEarly(uint64(dueAt));
        }
        uint256 tokenId = escrow.tokenId;
        if (split.length == 0 || Splits.tokenOf(contentCommitment, split) != tokenId) revert WrongAsset();

        escrow.state = State.Released;
        delete escrow.opening;
        uint256 priceWei = escrow.priceWei;
        address seller = escrow.seller;
        uint256 splitWei = seller == split[0].payee ? priceWei : Splits.portion(priceWei, Splits.ROYALTY_BPS);
        if (splitWei != priceWei) _credit(orderHash, seller, priceWei - splitWei);
        uint256[] memory parts = Splits.cut(splitWei, split);
        for (uint256 i = 0; i < parts.length; ++i) {
            _credit(orderHash, split[i].payee, parts[i]);
        }
        emit Released(orderHash, tokenId, priceWei);
    }

    /// @inheritdoc ISettlement
    function refund(bytes32 orderHash) external {
        Escrow storage escrow = _in(State.Filled, orderHash);
        uint256 dueAt = uint256(escrow.filledAt) + escrow.deliverSeconds;
        if (block.timestamp <= dueAt) revert TooEarly(uint64(dueAt));
        escrow.disputeSeconds = 0;
        _refund(orderHash, escrow);
    }

    /// @inheritdoc ISettlement
    function proveWrongKey(
        Order calldata order,
        Delivery calldata delivery,
        bytes calldata payloadCid,
        uint256 buyerSecret
    ) external {
        bytes32 orderHash = hashOrder(order);
        Escrow storage escrow = _in(State.Delivered, orderHash);
        if (msg.sender != escrow.buyer) revert NotBuyer(msg.sender);
        uint256 dueAt = _disputeDueAt(escrow);
        if (block.timestamp > dueAt) revert TooLate(uint64(dueAt));
        if (keccak256(payloadCid) != order.payloadHash) revert WrongPayload();
        _checkOpening(escrow.opening, delivery, buyerSecret);

        // The opening holds the delivery, and that was made for this order: the box is the right one.
        bytes32 cek = KeyBox.open(delivery, buyerSecret);
        if (KeyBox.commitment(cek, payloadCid) == order.keyCommitment) revert KeyIsRight();
        emit WrongKeyProven(orderHash);
        _refund(orderHash, escrow);
    }

    /// @inheritdoc ISettlement
    function cancel(Order calldata order, bytes calldata sellerSignature) external {
        bytes32 orderHash = hashOrder(order);
        Escrow storage escrow = _in(State.None, orderHash);
        _checkSigned(order.seller, _digest(keccak256(abi.encode(CANCEL_TYPEHASH, orderHash))), sellerSignature);
        escrow.state = State.Cancelled;
        emit Cancelled(orderHash);
    }

    /// @inheritdoc ISettlement
    function revoke(bytes32 orderHash, bytes calldata sellerSignature) external {
        Escrow storage escrow = _escrows[orderHash];
        address seller = escrow.seller;
        if (seller == address(0)) revert WrongState(orderHash, escrow.state);
        if (escrow.revokedAt != 0) revert AlreadyRevoked(orderHash);
        _checkSigned(seller, _digest(keccak256(abi.encode(REVOKE_TYPEHASH, orderHash))), sellerSignature);
        escrow.revokedAt = uint40(block.timestamp);
        emit Revoked(orderHash);
    }

    /// @inheritdoc ISettlement
    function withdraw(address payee) external {
        _pay(payee, payee);
    }

    /// @inheritdoc ISettlement
    function withdrawTo(address to) external {
        _pay(msg.sender, to);
    }

    /// @inheritdoc ISettlement
    function owed(address payee) external view returns (uint256) {
        return _owed[payee];
    }

    /// @inheritdoc ISettlement
    function trade(bytes32 orderHash) external view returns (Trade memory t) {
        Escrow storage escrow = _escrows[orderHash];
        t.state = escrow.state;
        t.seller = escrow.seller;
        t.buyer = escrow.buyer;
        t.priceWei = escrow.priceWei;
        t.tokenId = escrow.tokenId;
        t.filledAt = escrow.filledAt;
        t.revokedAt = escrow.revokedAt;
        uint64 turnAt = t.filledAt + escrow.deliverSeconds;
        if (t.state == State.Filled) {
            t.dueAt = turnAt;
        } else if (escrow.disputeSeconds != 0) {
            t.deliveredAt = turnAt;
            if (t.state == State.Delivered) t.dueAt = turnAt + escrow.disputeSeconds;
        }
    }

    /// @inheritdoc ISettlement
    function assets() external view returns (address) {
        return address(ASSETS);
    }

    /// @inheritdoc ISettlement
    function hashOrder(Order calldata order) public view returns (bytes32) {
        // Every field is static, so the struct is its own EIP-712 encoding.
        return _digest(keccak256(abi.encode(ORDER_TYPEHASH, order)));
    }

    function _fill(Order calldata order, bytes calldata sellerSignature, uint256 keyX, uint256 keyY, bytes32 hpkeHash)
        private
        returns (bytes32 orderHash)
    {
        orderHash = hashOrder(order);
        Escrow storage escrow = _in(State.None, orderHash);
        _checkOrder(order);
        if (!Curve.isPoint(keyX, keyY)) revert BadPoint();
        _checkSigned(order.seller, orderHash, sellerSignature);

        escrow.buyer = msg.sender;
        escrow.filledAt = uint40(block.timestamp);
        escrow.deliverSeconds = uint24(order.deliverWithin); // at most MAX_WINDOW, as the next
        escrow.disputeSeconds = uint24(order.disputeWithin);
        escrow.state = State.Filled;
        escrow.seller = order.seller;
        escrow.priceWei = uint96(order.priceWei); // checked by _checkOrder
        escrow.tokenId = order.tokenId;
        escrow.opening = keccak256(abi.encode(keyX, keyY));
        emit Filled(orderHash, order.tokenId, msg.sender, order.priceWei, keyX, keyY, hpkeHash);
    }

    function _refund(bytes32 orderHash, Escrow storage escrow) private {
        escrow.state = State.Refunded;
        delete escrow.opening;
        uint256 priceWei = escrow.priceWei;
        address buyer = escrow.buyer;
        _credit(orderHash, buyer, priceWei);
        emit Refunded(orderHash, buyer, priceWei);
    }

    function _credit(bytes32 orderHash, address payee, uint256 amountWei) private {
        if (amountWei == 0) return;
        _owed[payee] += amountWei;
        emit Credited(orderHash, payee, amountWei);
    }

    function _pay(address payee, address to) private {
        uint256 amountWei = _owed[payee];
        if (amountWei == 0) revert NothingOwed(payee);
        delete _owed[payee];
        emit Withdrawn(payee, to, amountWei);
        (bool ok,) = to.call{value: amountWei}("");
        if (!ok) revert PaymentRefused(to);
    }

    /// @dev The escrow of an order, or a revert if it is not in this state.
    function _in(State state, bytes32 orderHash) private view returns (Escrow storage escrow) {
        escrow = _escrows[orderHash];
        if (escrow.state != state) revert WrongState(orderHash, escrow.state);
    }

    function _checkOrder(Order calldata order) private view {
        if (block.timestamp > order.endsAt) revert Ended(order.endsAt);
        if (msg.value != order.priceWei || order.priceWei > type(uint96).max) revert WrongPrice(order.priceWei);
        if (
            order.deliverWithin < MIN_WINDOW || order.deliverWithin > MAX_WINDOW || order.disputeWithin < MIN_WINDOW
                || order.disputeWithin > MAX_WINDOW
        ) revert BadWindow();
        if (IERC721(address(ASSETS)).ownerOf(order.tokenId) != order.seller) {
            revert NotOwner(order.tokenId, order.seller);
        }
    }

    function _checkSigned(address signer, bytes32 digest, bytes calldata signature) private view {
        if (!Signatures.signed(signer, digest, signature)) revert BadSignature(signer);
    }

    /// @dev Reverts unless the delivery is the one made for the key of which this is the secret.
    function _checkOpening(bytes32 opening, Delivery calldata delivery, uint256 buyerSecret) private view {
        if (buyerSecret == 0 || buyerSecret >= Curve.ORDER) revert WrongSecret();
        (uint256 keyX, uint256 keyY) = Curve.mul(Curve.GENERATOR_X, Curve.GENERATOR_Y, buyerSecret);
        bytes32 filled = keccak256(abi.encode(keyX, keyY));
        if (keccak256(abi.encode(filled, _hashDelivery(delivery))) != opening) revert WrongOpening();
    }

    /// @dev Last moment to dispute a delivery, unix seconds.
    function _disputeDueAt(Escrow storage escrow) private view returns (uint256) {
        return uint256(escrow.filledAt) + escrow.deliverSeconds + escrow.disputeSeconds;
    }

    function _hashDelivery(Delivery calldata delivery) private pure returns (bytes32) {
        return keccak256(abi.encode(DELIVERY_TYPEHASH, delivery));
    }
}
