// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "../../src/IAssets.sol";
import {Delivery} from "../../src/IExchange.sol";
import {Order} from "../peers/ISettlement.sol";
import {Settlement} from "../peers/Settlement.sol";
import {Rows} from "./Rows.sol";

/// @notice What a trade cost in the market before Exchange, which no node deploys any more. It is compiled as the tests are.
abstract contract SettlementGas is Rows {
    Settlement private settlement;

    /// @dev The usual asset is entered.
    function tradesBefore() internal {
        settlement = new Settlement(address(assets));
        trades();
        lazyTrade();
        disputes();
    }

    function trades() private {
        Order memory order = usualOrder();
        bytes32 hash = fillUsual(order);
        note("settlement: fill");
        deliverUsual(hash, CEK);
        note("settlement: deliver");
        vm.prank(buyer);
        settlement.release(hash, CONTENT, usualSplit());
        note("settlement: release, 2 payees, their first");
        order.salt = bytes32(uint256(2));
        hash = fillUsual(order);
        deliverUsual(hash, CEK);
        vm.prank(buyer);
        settlement.release(hash, CONTENT, usualSplit());
        note("settlement: release, 2 payees, their next");
        settlement.withdraw(doctor);
        note("settlement: withdraw, to an account that was never used");
        settlement.withdraw(patient);
        note("settlement: withdraw, to an account in use");
        settlement.revoke(hash, signature(PATIENT_KEY, revokeDigest(hash)));
        note("settlement: revoke");
        order.salt = bytes32(uint256(3));
        settlement.cancel(order, signature(PATIENT_KEY, cancelDigest(orderHashOf(order))));
        note("settlement: cancel");
    }

    function lazyTrade() private {
        bytes32 content = keccak256("lazy");
        Order memory order = usualOrder();
        order.seller = doctor;
        Share[] memory split = splitOf(doctor, 5000, patient, 5000);
        order.tokenId = tokenOf(content, split);
        uint256[] memory keys = new uint256[](2);
        (keys[0], keys[1]) = (DOCTOR_KEY, PATIENT_KEY);
        bytes[] memory signatures = signaturesOf(content, 0, split, keys);
        (uint256 x, uint256 y) = buyerKey();
        bytes memory signed = signature(DOCTOR_KEY, orderHashOf(order));
        vm.prank(buyer);
        settlement.enterAndFill{value: order.priceWei}(content, 0, split, signatures, order, signed, x, y, HPKE_HASH);
        note("settlement: enterAndFill, 2 payees, creator's first");
    }

    function disputes() private {
        Order memory order = usualOrder();
        order.salt = bytes32(uint256(4));
        bytes32 hash = fillUsual(order);
        Delivery memory d = deliverUsual(hash, keccak256("another key"));
        vm.prank(buyer);
        settlement.proveWrongKey(order, d, CID, BUYER_SECRET);
        note("settlement: proveWrongKey, buyer's first");
        order.salt = bytes32(uint256(5));
        hash = fillUsual(order);
        vm.warp(block.timestamp + 1 hours + 1);
        settlement.refund(hash);
        note("settlement: refund, buyer's next");
    }

    function usualOrder() private view returns (Order memory) {
        return Order({
            seller: patient,
            tokenId: tokenOf(CONTENT, usualSplit()),
            priceWei: 1 ether + 7,
            keyCommitment: commitment,
            payloadHash: keccak256(CID),
            termsHash: keccak256("terms"),
            endsAt: uint64(START + 1 days),
            deliverWithin: 1 hours,
            disputeWithin: 2 hours,
            salt: bytes32(uint256(1))
        });
    }

    function orderHashOf(Order memory o) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Order(address seller,uint256 tokenId,uint256 priceWei,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,uint64 endsAt,uint32 deliverWithin,uint32 disputeWithin,bytes32 salt)"
        );
        bytes memory head = abi.encode(typeHash, o.seller, o.tokenId, o.priceWei, o.keyCommitment, o.payloadHash);
        bytes memory tail = abi.encode(o.termsHash, o.endsAt, o.deliverWithin, o.disputeWithin, o.salt);
        return digest(address(settlement), keccak256(bytes.concat(head, tail)));
    }

    function fillUsual(Order memory order) private returns (bytes32 orderHash) {
        orderHash = orderHashOf(order);
        (uint256 x, uint256 y) = buyerKey();
        vm.prank(buyer);
        settlement.fill{value: order.priceWei}(order, signature(PATIENT_KEY, orderHash), x, y, HPKE_HASH);
    }

    function deliveryDigest(Delivery memory d) private view returns (bytes32) {
        bytes32 typeHash =
            keccak256("Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)");
        bytes memory fields = abi.encode(typeHash, d.orderHash, d.grantHash, d.ephemeralX, d.ephemeralY, d.masked);
        return digest(address(settlement), keccak256(fields));
    }

    function deliverUsual(bytes32 orderHash, bytes32 cek) private returns (Delivery memory d) {
        d = boxFor(orderHash, cek, 0x5EED);
        bytes memory signed = signature(PATIENT_KEY, deliveryDigest(d));
        vm.prank(relayer);
        settlement.deliver(d, signed);
    }

    function cancelDigest(bytes32 orderHash) private view returns (bytes32) {
        return digest(address(settlement), keccak256(abi.encode(keccak256("Cancel(bytes32 orderHash)"), orderHash)));
    }

    function revokeDigest(bytes32 orderHash) private view returns (bytes32) {
        return digest(address(settlement), keccak256(abi.encode(keccak256("Revoke(bytes32 orderHash)"), orderHash)));
    }
}
