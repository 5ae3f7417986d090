// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Curve} from "./Curve.sol";
import {Deals} from "./Deals.sol";
import {Domain} from "./Domain.sol";
import {IAssets, Share} from "./IAssets.sol";
import {
    CANCEL_BELOW_TYPEHASH,
    CANCEL_TYPEHASH,
    DELIVERY_TYPEHASH,
    Deal,
    Delivery,
    Entry,
    IExchange,
    OFFER_TYPEHASH,
    Offer,
    Origin,
    Purchase,
    REVOKE_TYPEHASH,
    Sale,
    TradeState
} from "./IExchange.sol";
import {ILicences} from "./ILicences.sol";
import {IPanel} from "./IPanel.sol";
import {IPause} from "./IPause.sol";
import {IRoyalties} from "./IRoyalties.sol";
import {KeyBox} from "./KeyBox.sol";
import {Ledger} from "./Ledger.sol";
import {Licences} from "./Licences.sol";
import {Money} from "./Money.sol";
import {Signatures} from "./Signatures.sol";
import {Splits} from "./Splits.sol";

/// @title Exchange
/// @notice The market: licences with key escrow, and sales of tokens, by signed orders that anyone may settle.
/// @dev Invariants, for each currency:
/// - what is in escrow and what is owed add up to no more than what is here (more only if someone sends it);
/// - a trade is filled once, and its price is credited once, to the wei: to the payees or to the buyer;
/// - a token moves, or a licence is minted, only in the call that credits its price;
/// - an order is filled no more once it is cancelled, below the lowest salt, ended, used up, or its seller lost the token;
/// - from each state money can leave without the other side, after a time that is known at the fill;
/// - only a buyer disputes; a panel decides no other trade, and its silence gives neither side the whole price;
/// - a pause stops new fills and nothing else; there is no owner and no upgrade.
/// A fill's last step is to take the money, and it writes all else before: a token that calls back finds a trade that is
/// complete but for its money, and the sum that arrived must be right when it is done. A strange token can harm only
/// those who named it: what is owed is kept apart for each currency. One that shrinks its holders' balances leaves all
/// who are owed that token here with too little for the last of them.
contract Exchange is IExchange, Ledger, Domain {
    using Deals for uint256;

    /// @notice Shortest time to deliver or to dispute, in seconds: ten blocks of six seconds.
    uint256 public constant MIN_WINDOW = 1 minutes;
    /// @notice Longest time to deliver or to dispute, in seconds.
    uint256 public constant MAX_WINDOW = 90 days;
    /// @notice Time that a panel has to decide, in seconds.
    uint256 public constant DECIDE_WINDOW = 14 days;

    bytes32 private constant SALE_TYPEHASH = keccak256(
        "Sale(address seller,address taker,address collection,uint256 tokenId,address currency,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint256 salt)"
    );
    bytes32 private constant FILL_TYPEHASH =
        keccak256("Fill(bytes32 offerHash,uint256 keyX,uint256 keyY,bytes32 hpkeHash)");
    bytes32 private constant DISPUTE_TYPEHASH = keccak256("Dispute(bytes32 tradeId,bytes32 evidenceHash)");
    uint256 private constant OFFER_BYTES = 19 * 32;
    uint256 private constant DELIVERY_BYTES = 5 * 32;
    uint256 private constant SALE_BYTES = 10 * 32;
    uint256 private constant CANCELLED = type(uint256).max;

    IAssets private immutable ASSETS;
    IRoyalties private immutable ROYALTIES;
    ILicences private immutable LICENCES;
    IPause private immutable PAUSE;

    mapping(bytes32 tradeId => Deal) private _deals;
    mapping(address seller => mapping(bytes32 orderHash => uint256 count)) private _filled;
    mapping(address seller => uint256 salt) private _lowestSalt;

    /// @notice There is nothing else to set, now or later.
    /// @param assets_ The Assets contract whose tokens are sold here.
    /// @param pause Asked before each fill; zero if there is none.
    constructor(address assets_, address pause) {
        ASSETS = IAssets(assets_);
        ROYALTIES = IRoyalties(IAssets(assets_).royalties());
        LICENCES = new Licences(assets_);
        PAUSE = IPause(pause);
    }

    /// @inheritdoc IExchange
    function fill(
        Offer calldata offer,
        bytes calldata signature,
        address buyer,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash,
        bytes calldata buyerSignature
    ) external payable returns (bytes32) {
        return _fill(offer, signature, buyer, 0, keyX, keyY, hpkeHash, buyerSignature);
    }

    /// @inheritdoc IExchange
    function fillAt(
        uint128 price,
        Offer calldata offer,
        bytes calldata signature,
        address buyer,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash,
        bytes calldata buyerSignature
    ) external payable returns (bytes32) {
        return _fill(offer, signature, buyer, price, keyX, keyY, hpkeHash, buyerSignature);
    }

    /// @inheritdoc IExchange
    function enterAndFill(
        Entry calldata entry,
        Offer calldata offer,
        bytes calldata signature,
        address buyer,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash,
        bytes calldata buyerSignature
    ) external payable returns (bytes32) {
        if (!ASSETS.entered(offer.tokenId)) {
            uint256 tokenId = ASSETS.enter(entry.contentCommitment, entry.parent, entry.split, entry.signatures);
            if (tokenId != offer.tokenId) revert WrongAsset();
        }
        return _fill(offer, signature, buyer, 0, keyX, keyY, hpkeHash, buyerSignature);
    }

    /// @inheritdoc IExchange
    function deliver(Delivery calldata delivery, bytes calldata signature) external {
        uint256 deal = _in(TradeState.Filled, delivery.orderHash);
        if (block.timestamp > deal.dueAt()) revert TooLate(uint64(deal.dueAt()));
        if (!Curve.isPoint(delivery.ephemeralX, delivery.ephemeralY)) revert BadPoint();
        bytes32 structHash = _hashDelivery(delivery);
        _checkSigned(address(deal.mark()), structHash, signature);

        uint256 dueAt = block.timestamp + deal.span();
        _write(delivery.orderHash, deal.turned(TradeState.Delivered, deal.span(), dueAt, uint160(bytes20(structHash))));
        emit Delivered(
            delivery.orderHash, delivery.grantHash, delivery.ephemeralX, delivery.ephemeralY, delivery.masked
        );
    }

    /// @inheritdoc IExchange
    function release(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 contentCommitment,
        Share[] calldata split
    ) external {
        bytes32 tradeId = tradeOf(offer, purchase);
        uint256 deal = _in(TradeState.Delivered, tradeId);
        if (msg.sender != purchase.buyer && block.timestamp <= deal.dueAt()) revert TooEarly(uint64(deal.dueAt()));
        _release(tradeId, deal, offer, purchase, contentCommitment, split);
    }

    /// @inheritdoc IExchange
    function refund(Offer calldata offer, Purchase calldata purchase) external {
        bytes32 tradeId = tradeOf(offer, purchase);
        uint256 deal = _in(TradeState.Filled, tradeId);
        if (block.timestamp <= deal.dueAt()) revert TooEarly(uint64(deal.dueAt()));
        _refund(tradeId, deal, offer.currency, purchase);
    }

    /// @inheritdoc IExchange
    function proveWrongKey(
        Offer calldata offer,
        Purchase calldata purchase,
        Delivery calldata delivery,
        bytes calldata payloadCid,
        uint256 buyerSecret
    ) external {
        bytes32 tradeId = tradeOf(offer, purchase);
        uint256 deal = _in(TradeState.Delivered, tradeId);
        if (msg.sender != purchase.buyer) revert NotBuyer(msg.sender);
        if (block.timestamp > deal.dueAt()) revert TooLate(uint64(deal.dueAt()));
        if (keccak256(payloadCid) != offer.payloadHash) revert WrongPayload();
        _checkOpening(deal.mark(), purchase, delivery, buyerSecret);

        // The mark is of the delivery that the seller signed for this trade: the box is the right one.
        bytes32 cek = KeyBox.open(delivery, buyerSecret);
        if (KeyBox.commitment(cek, payloadCid) == offer.keyCommitment) revert KeyIsRight();
        emit WrongKeyProven(tradeId);
        _refund(tradeId, deal, offer.currency, purchase);
    }

    /// @inheritdoc IExchange
    function dispute(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 evidenceHash,
        bytes calldata signature
    ) external payable {
        bytes32 tradeId = tradeOf(offer, purchase);
        uint256 deal = _in(TradeState.Delivered, tradeId);
        if (offer.panel == address(0)) revert NoPanel(tradeId);
        if (block.timestamp > deal.dueAt()) revert TooLate(uint64(deal.dueAt()));
        if (msg.sender != purchase.buyer) {
            _checkSigned(purchase.buyer, keccak256(abi.encode(DISPUTE_TYPEHASH, tradeId, evidenceHash)), signature);
        }

        uint40 until = uint40(block.timestamp + DECIDE_WINDOW);
        // The delivery was `span` before dueAt, and stays so: the term of a licence runs from it.
        _write(tradeId, deal.turned(TradeState.Disputed, until - deal.deliveredAt(), until, deal.mark()));
        emit Disputed(tradeId, offer.panel, evidenceHash, until);
        IPanel(offer.panel).open{value: msg.value}(tradeId, offer.seller, purchase.buyer, msg.sender, until);
    }

    /// @inheritdoc IExchange
    function decide(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 contentCommitment,
        Share[] calldata split,
        bool forBuyer
    ) external {
        bytes32 tradeId = tradeOf(offer, purchase);
        uint256 deal = _in(TradeState.Disputed, tradeId);
        if (msg.sender != offer.panel) revert NotPanel(msg.sender);
        if (block.timestamp > deal.dueAt()) revert TooLate(uint64(deal.dueAt()));
        emit Decided(tradeId, forBuyer);
        if (forBuyer) _refund(tradeId, deal, offer.currency, purchase);
        else _release(tradeId, deal, offer, purchase, contentCommitment, split);
    }

    /// @inheritdoc IExchange
    function halve(
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 contentCommitment,
        Share[] calldata split
    ) external {
        bytes32 tradeId = tradeOf(offer, purchase);
        uint256 deal = _in(TradeState.Disputed, tradeId);
        if (block.timestamp <= deal.dueAt()) revert TooEarly(uint64(deal.dueAt()));
        _write(tradeId, deal.ended(TradeState.Halved));
        uint256 half = purchase.price / 2;
        _pay(tradeId, offer, half, contentCommitment, split);
        _credit(tradeId, offer.currency, purchase.buyer, purchase.price - half);
        emit Halved(tradeId, purchase.buyer);
    }

    /// @inheritdoc IExchange
    function revoke(Offer calldata offer, Purchase calldata purchase, bytes calldata signature) external {
        bytes32 tradeId = tradeOf(offer, purchase);
        uint256 deal = _read(tradeId);
        if (deal == 0) revert WrongState(tradeId, TradeState.None);
        if (deal.revoked()) revert AlreadyRevoked(tradeId);
        _checkSigned(offer.seller, keccak256(abi.encode(REVOKE_TYPEHASH, tradeId)), signature);
        deal = deal.revoke();
        _write(tradeId, deal);
        emit Revoked(tradeId);
        // Nothing was delivered and nothing will be: the buyer need not wait until it is due.
        if (deal.state() == TradeState.Filled) _refund(tradeId, deal, offer.currency, purchase);
    }

    /// @inheritdoc IExchange
    function buy(Sale calldata sale, bytes calldata signature, address buyer, Origin calldata origin) external payable {
        _buy(sale, signature, buyer, 0, origin);
    }

    /// @inheritdoc IExchange
    function buyAt(
        uint128 price,
        Sale calldata sale,
        bytes calldata signature,
        address buyer,
        Origin calldata origin
    ) external payable {
        _buy(sale, signature, buyer, price, origin);
    }

    /// @inheritdoc IExchange
    function enterAndBuy(Entry calldata entry, Sale calldata sale, address buyer) external payable {
        bytes32 structHash = _hashSale(sale);
        bytes32 saleHash = _digest(structHash);
        uint256 price = _priceNow(sale.price, sale.floor, sale.startsAt, sale.endsAt, 0);
        _checkSale(sale, buyer);
        _count(sale.seller, saleHash, 0); // whether it was cancelled: a token is entered once, so nothing else is to count
        if (sale.collection != address(ASSETS)) revert NotSoldHere(sale.collection);
        uint256 tokenId = ASSETS.enterByVoucher(
            entry.contentCommitment, entry.parent, entry.split, entry.signatures, structHash, buyer
        );
        if (tokenId != sale.tokenId || entry.split[0].payee != sale.seller) revert WrongAsset();

        _share(saleHash, sale.currency, price, entry.split);
        emit Sold(saleHash, sale.collection, tokenId, sale.seller, buyer, sale.currency, price);
        _take(saleHash, sale.currency, price);
    }

    /// @inheritdoc IExchange
    function cancel(address seller, bytes32 orderHash, bytes calldata signature) external {
        if (_filled[seller][orderHash] == CANCELLED) revert Closed(orderHash);
        _checkSigned(seller, keccak256(abi.encode(CANCEL_TYPEHASH, orderHash)), signature);
        _filled[seller][orderHash] = CANCELLED;
        emit Cancelled(seller, orderHash);
    }

    /// @inheritdoc IExchange
    function cancelBelow(address seller, uint256 salt, bytes calldata signature) external {
        if (salt <= _lowestSalt[seller]) revert Stale(_lowestSalt[seller]);
        _checkSigned(seller, keccak256(abi.encode(CANCEL_BELOW_TYPEHASH, salt)), signature);
        _lowestSalt[seller] = salt;
        emit CancelledBelow(seller, salt);
    }

    /// @inheritdoc IExchange
    function trade(bytes32 tradeId) external view returns (Deal memory) {
        return _deals[tradeId];
    }

    /// @inheritdoc IExchange
    function filled(address seller, bytes32 orderHash) external view returns (uint256) {
        return _filled[seller][orderHash];
    }

    /// @inheritdoc IExchange
    function lowestSalt(address seller) external view returns (uint256) {
        return _lowestSalt[seller];
    }

    /// @inheritdoc IExchange
    function hashOffer(Offer calldata offer) external view returns (bytes32) {
        return _digest(_hashOffer(offer));
    }

    /// @inheritdoc IExchange
    function hashSale(Sale calldata sale) external view returns (bytes32) {
        return _digest(_hashSale(sale));
    }

    /// @inheritdoc IExchange
    function assets() external view returns (address) {
        return address(ASSETS);
    }

    /// @inheritdoc IExchange
    function licences() external view returns (address) {
        return address(LICENCES);
    }

    /// @inheritdoc IExchange
    function tradeOf(Offer calldata offer, Purchase calldata purchase) public view returns (bytes32) {
        return _name(_digest(_hashOffer(offer)), purchase.buyer, purchase.price, purchase.keyX, purchase.keyY);
    }

    /// @inheritdoc IExchange
    function priceOf(uint256 price, uint256 floor, uint64 startsAt, uint64 endsAt, uint256 when)
        public
        pure
        returns (uint256)
    {
        // Below 2^128 no product overflows: a moment has 64 bits.
        if (price > type(uint128).max || floor > price || (floor != price && startsAt >= endsAt)) revert BadPrice();
        if (when <= startsAt || floor == price) return price;
        if (when >= endsAt) return floor;
        return price - (price - floor) * (when - startsAt) / (endsAt - startsAt);
    }

    function _fill(
        Offer calldata offer,
        bytes calldata signature,
        address buyer,
        uint256 least,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash,
        bytes calldata buyerSignature
    ) private returns (bytes32 tradeId) {
        bytes32 offerHash = _digest(_hashOffer(offer));
        uint256 price = _priceNow(offer.price, offer.floor, offer.startsAt, offer.endsAt, least);
        tradeId = _name(offerHash, buyer, price, keyX, keyY);
        _in(TradeState.None, tradeId);
        _checkOffer(offer, buyer);
        if (!Curve.isPoint(keyX, keyY)) revert BadPoint();
        if (!Signatures.signed(offer.seller, offerHash, signature)) revert BadSignature(offer.seller);
        // The key of the data goes to whoever chose these: the taker that the seller named, or the buyer.
        if (msg.sender != offer.taker) {
            if (offer.taker != address(0) && offer.taker != buyer) revert NotTaker(offer.taker);
            if (msg.sender != buyer) {
                _checkSigned(buyer, keccak256(abi.encode(FILL_TYPEHASH, offerHash, keyX, keyY, hpkeHash)), buyerSignature);
            }
        }

        uint256 dueAt = block.timestamp + offer.deliverWithin; // at most MAX_WINDOW
        _write(tradeId, Deals.turned(0, TradeState.Filled, offer.disputeWithin, dueAt, uint160(offer.seller)));
        _count(offer.seller, offerHash, offer.copies);
        _tellFilled(tradeId, offerHash, buyer, offer, price, keyX, keyY, hpkeHash);
        _take(tradeId, offer.currency, price);
    }

    function _buy(
        Sale calldata sale,
        bytes calldata signature,
        address buyer,
        uint256 least,
        Origin calldata origin
    ) private {
        bytes32 structHash = _hashSale(sale);
        bytes32 saleHash = _digest(structHash);
        uint256 price = _priceNow(sale.price, sale.floor, sale.startsAt, sale.endsAt, least);
        _checkSale(sale, buyer);
        (address receiver, uint256 shared) = _royalty(sale, price, origin);
        _checkSigned(sale.seller, structHash, signature);

        _count(sale.seller, saleHash, 1);
        _credit(saleHash, sale.currency, receiver, shared);
        _credit(saleHash, sale.currency, sale.seller, price - shared);
        emit Sold(saleHash, sale.collection, sale.tokenId, sale.seller, buyer, sale.currency, price);
        IERC721(sale.collection).transferFrom(sale.seller, buyer, sale.tokenId);
        _take(saleHash, sale.currency, price);
    }

    /// @dev emit Filled(tradeId, offerHash, buyer, offer, price, keyX, keyY, hpkeHash). The offer is told as it came: a fill has read
    /// every field as its type, but for panel, term and transferable, which are looked at here.
    function _tellFilled(
        bytes32 tradeId,
        bytes32 offerHash,
        address buyer,
        Offer calldata offer,
        uint256 price,
        uint256 keyX,
        uint256 keyY,
        bytes32 hpkeHash
    ) private {
        bytes32 topic = Filled.selector;
        assembly ("memory-safe") {
            if or(
                or(shr(160, calldataload(add(offer, 128))), shr(32, calldataload(add(offer, 384)))),
                shr(1, calldataload(add(offer, 416)))
            ) { revert(0, 0) }
            let at := mload(0x40)
            calldatacopy(at, offer, OFFER_BYTES)
            let rest := add(at, OFFER_BYTES)
            mstore(rest, price)
            mstore(add(rest, 32), keyX)
            mstore(add(rest, 64), keyY)
            mstore(add(rest, 96), hpkeHash)
            log4(at, add(OFFER_BYTES, 128), topic, tradeId, offerHash, buyer)
        }
    }

    /// @dev Counts a fill of an order that can be filled so often, if that is limited. One that is cancelled is full.
    function _count(address seller, bytes32 orderHash, uint256 copies) private {
        uint256 count = _filled[seller][orderHash];
        if (count >= (copies == 0 ? CANCELLED : copies)) revert Closed(orderHash);
        if (copies != 0) _filled[seller][orderHash] = count + 1;
    }

    /// @dev Takes a price from the caller. Of the chain's own money, what is over is owed back.
    function _take(bytes32 id, address currency, uint256 amount) private {
        if (currency != address(0)) {
            Money.take(currency, amount);
            return;
        }
        if (msg.value < amount) revert Money.WrongValue(msg.value, amount);
        _credit(id, currency, msg.sender, msg.value - amount);
    }

    /// @dev Owes the whole price to the payees and mints the licence.
    function _release(
        bytes32 tradeId,
        uint256 deal,
        Offer calldata offer,
        Purchase calldata purchase,
        bytes32 contentCommitment,
        Share[] calldata split
    ) private {
        // The term runs from the delivery, which was `span` before the dispute, or the verdict, was due.
        uint256 term = offer.term;
        bool transferable = offer.transferable;
        deal = deal.turned(TradeState.Released, term, deal.until(term), uint160(purchase.buyer));
        _write(tradeId, transferable ? deal.transferable() : deal);
        _pay(tradeId, offer, purchase.price, contentCommitment, split);
        emit Released(tradeId);
        LICENCES.mint(purchase.buyer, uint256(tradeId), transferable ? offer.tokenId : 0);
    }

    /// @dev Owes an amount to the seller and the split of the asset.
    function _pay(
        bytes32 tradeId,
        Offer calldata offer,
        uint256 amount,
        bytes32 contentCommitment,
        Share[] calldata split
    ) private {
        if (split.length == 0 || Splits.tokenOf(contentCommitment, split) != offer.tokenId) revert WrongAsset();
        uint256 shared = amount;
        if (offer.seller != split[0].payee) {
            shared = Splits.portion(amount, Splits.ROYALTY_BPS);
            _credit(tradeId, offer.currency, offer.seller, amount - shared);
        }
        _share(tradeId, offer.currency, shared, split);
    }

    /// @dev Owes an amount to a split that is not empty.
    function _share(bytes32 id, address currency, uint256 amount, Share[] calldata split) private {
        _credit(id, currency, split[0].payee, Splits.rest(amount, split));
        for (uint256 i = 1; i < split.length; ++i) {
            _credit(id, currency, split[i].payee, Splits.portion(amount, split[i].bps));
        }
    }

    function _refund(bytes32 tradeId, uint256 deal, address currency, Purchase calldata purchase) private {
        _write(tradeId, deal.ended(TradeState.Refunded));
        _credit(tradeId, currency, purchase.buyer, purchase.price);
        emit Refunded(tradeId, purchase.buyer);
    }

    /// @dev The slot of a trade, _deals[tradeId], as a word.
    function _write(bytes32 tradeId, uint256 deal) private {
        assembly ("memory-safe") {
            mstore(0, tradeId)
            mstore(32, _deals.slot)
            sstore(keccak256(0, 64), deal)
        }
    }

    function _credit(bytes32 id, address currency, address payee, uint256 amount) private {
        if (amount == 0) return;
        _owe(currency, payee, amount);
        emit Credited(id, payee, currency, amount);
    }

    /// @dev What is asked now, or what is given if that is more.
    function _priceNow(uint256 price, uint256 floor, uint64 startsAt, uint64 endsAt, uint256 least)
        private
        view
        returns (uint256 asked)
    {
        asked = priceOf(price, floor, startsAt, endsAt, block.timestamp);
        if (asked < least) asked = least;
    }

    function _read(bytes32 tradeId) private view returns (uint256 deal) {
        assembly ("memory-safe") {
            mstore(0, tradeId)
            mstore(32, _deals.slot)
            deal := sload(keccak256(0, 64))
        }
    }

    /// @dev The record of a trade, or a revert if it is not in this state.
    function _in(TradeState state, bytes32 tradeId) private view returns (uint256 deal) {
        deal = _read(tradeId);
        if (uint8(deal) != uint8(state)) revert WrongState(tradeId, deal.state());
    }

    function _checkOffer(Offer calldata offer, address buyer) private view {
        if (
            offer.deliverWithin < MIN_WINDOW || offer.deliverWithin > MAX_WINDOW || offer.disputeWithin < MIN_WINDOW
                || offer.disputeWithin > MAX_WINDOW
        ) revert BadWindow();
        _checkOpen(offer.seller, offer.salt, offer.endsAt, buyer);
        if (IERC721(address(ASSETS)).ownerOf(offer.tokenId) != offer.seller) {
            revert NotOwner(offer.tokenId, offer.seller);
        }
    }

    /// @dev What any order must pass; whether it was cancelled or filled is looked at by {_count}.
    function _checkOpen(address seller, uint256 salt, uint64 endsAt, address buyer) private view {
        if (address(PAUSE) != address(0)) PAUSE.check();
        if (buyer == address(0)) revert ZeroAddress();
        if (block.timestamp > endsAt) revert Ended(endsAt);
        if (salt < _lowestSalt[seller]) revert Stale(_lowestSalt[seller]);
    }

    /// @dev What any sale must pass. Its taker is the caller, not the buyer: whoever auctions it is its taker, and nobody else may
    /// buy it for that one.
    function _checkSale(Sale calldata sale, address buyer) private view {
        _checkOpen(sale.seller, sale.salt, sale.endsAt, buyer);
        if (sale.taker != address(0) && sale.taker != msg.sender) revert NotTaker(sale.taker);
    }

    /// @dev Who gets the split's part of a sale, and how much that is.
    function _royalty(Sale calldata sale, uint256 price, Origin calldata origin)
        private
        view
        returns (address receiver, uint256 amount)
    {
        if (sale.collection == address(LICENCES)) {
            return IERC2981(sale.collection).royaltyInfo(sale.tokenId, price);
        }
        if (sale.collection != address(ASSETS)) revert NotSoldHere(sale.collection);
        uint256 tokenId = Splits.tokenOf(origin.contentCommitment, origin.creator, origin.splitHash);
        if (tokenId != sale.tokenId) revert WrongAsset();
        amount = origin.creator == sale.seller ? price : Splits.portion(price, Splits.ROYALTY_BPS);
        return (ROYALTIES.receiverOf(tokenId), amount);
    }

    /// @dev Reverts unless the delivery is the one made for the key of which this is the secret.
    function _checkOpening(uint160 mark, Purchase calldata purchase, Delivery calldata delivery, uint256 buyerSecret)
        private
        view
    {
        if (buyerSecret == 0 || buyerSecret >= Curve.ORDER) revert WrongSecret();
        (uint256 keyX, uint256 keyY) = Curve.mul(Curve.GENERATOR_X, Curve.GENERATOR_Y, buyerSecret);
        if (keyX != purchase.keyX || keyY != purchase.keyY) revert WrongOpening();
        if (uint160(bytes20(_hashDelivery(delivery))) != mark) revert WrongOpening();
    }

    function _checkSigned(address signer, bytes32 structHash, bytes calldata signature) private view {
        if (!Signatures.signed(signer, _digest(structHash), signature)) revert BadSignature(signer);
    }

    function _hashOffer(Offer calldata offer) private pure returns (bytes32) {
        uint256 from;
        assembly ("memory-safe") {
            from := offer
        }
        return _hashWords(OFFER_TYPEHASH, from, OFFER_BYTES);
    }

    function _hashSale(Sale calldata sale) private pure returns (bytes32) {
        uint256 from;
        assembly ("memory-safe") {
            from := sale
        }
        return _hashWords(SALE_TYPEHASH, from, SALE_BYTES);
    }

    /// @dev keccak256(abi.encode(offerHash, Purchase(buyer, price, keyX, keyY))), above what is in use of the memory.
    function _name(bytes32 offerHash, address buyer, uint256 price, uint256 keyX, uint256 keyY)
        private
        pure
        returns (bytes32 hashed)
    {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, offerHash)
            mstore(add(at, 32), buyer)
            mstore(add(at, 64), price)
            mstore(add(at, 96), keyX)
            mstore(add(at, 128), keyY)
            hashed := keccak256(at, 160)
        }
    }

    function _hashDelivery(Delivery calldata delivery) private pure returns (bytes32) {
        uint256 from;
        assembly ("memory-safe") {
            from := delivery
        }
        return _hashWords(DELIVERY_TYPEHASH, from, DELIVERY_BYTES);
    }

    /// @dev The struct hash of what was sent along and signed. Every field is one word, so it is its own EIP-712 encoding, hashed
    /// as it came. A field with dirty bits is another order's; that is never filled, for a fill reads every field as its type.
    function _hashWords(bytes32 typeHash, uint256 from, uint256 size) private pure returns (bytes32 hashed) {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, typeHash)
            calldatacopy(add(at, 32), from, size)
            hashed := keccak256(at, add(size, 32))
        }
    }
}
