// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Offer} from "../src/IExchange.sol";
import {Answer, Request} from "../src/IRequests.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";
import {Requests} from "./Faces.sol";

/// @notice Requests over the usual exchange, and what is signed for them. `other` is who looks for data.
abstract contract RequestsFixture is ExchangeFixture {
    Requests internal requests;

    function openRequests() internal {
        requests = Requests(deploy("Requests", abi.encode(exchange, brake)));
        coin.mint(other, 2 ** 140);
        vm.deal(other, 2 ** 140);
        vm.prank(other);
        coin.approve(address(requests), type(uint256).max);
    }

    function usualRequest() internal view returns (Request memory) {
        return Request({
            buyer: other,
            currency: address(0),
            price: usualOffer().price,
            answers: 2,
            criteriaHash: keccak256("criteria"),
            endsAt: uint64(START + 7 days),
            notice: 1 days,
            salt: 1
        });
    }

    /// @dev The usual offer, as an answer.
    function answerOffer() internal view returns (Offer memory o) {
        o = usualOffer();
        o.taker = address(requests);
    }

    function idOf(Request memory r) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Request(address buyer,address currency,uint256 price,uint32 answers,bytes32 criteriaHash,uint64 endsAt,uint32 notice,uint256 salt)"
        );
        bytes memory a = abi.encode(typeHash, r.buyer, r.currency, r.price, r.answers);
        bytes memory b = abi.encode(r.criteriaHash, r.endsAt, r.notice, r.salt);
        return digest(address(requests), keccak256(bytes.concat(a, b)));
    }

    function answerOf(Offer memory o) internal view returns (Answer memory) {
        (uint256 x, uint256 y) = buyerKey();
        return Answer(o, signature(PATIENT_KEY, hashOf(o)), x, y, HPKE_HASH);
    }

    function acceptHash(bytes32 requestId, Answer memory a) internal view returns (bytes32) {
        bytes32 typeHash =
            keccak256("Accept(bytes32 requestId,bytes32 offerHash,uint256 keyX,uint256 keyY,bytes32 hpkeHash)");
        bytes memory fields = abi.encode(typeHash, requestId, hashOf(a.offer), a.keyX, a.keyY, a.hpkeHash);
        return digest(address(requests), keccak256(fields));
    }

    function cancelRequestHash(bytes32 requestId) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("CancelRequest(bytes32 requestId)");
        return digest(address(requests), keccak256(abi.encode(typeHash, requestId)));
    }

    function openAs(address payer, Request memory r) internal returns (bytes32) {
        uint256 valueWei = r.currency == address(0) ? r.price * r.answers : 0;
        vm.prank(payer);
        return requests.open{value: valueWei}(r);
    }

    /// @dev By a relayer.
    function acceptUsual(Request memory r, Offer memory o) internal returns (bytes32) {
        Answer memory a = answerOf(o);
        bytes memory signed = signature(OTHER_KEY, acceptHash(idOf(r), a));
        vm.prank(relayer);
        return requests.accept(r, a, signed);
    }
}
